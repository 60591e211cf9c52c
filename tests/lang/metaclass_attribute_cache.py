# Attributes of classes with a metaclass, read again and again: a change of the class or of its metaclass is seen at once.
import enum


class Meta(type):
    pass


class C(metaclass=Meta):
    a = 1


class D(metaclass=Meta):
    a = 2


def read(c):
    return c.a


def many(c):
    return [read(c) for _ in range(5)]


print(many(C), many(D), many(C))
C.a = 3
print(many(C))
Meta.a = property(lambda cls: "from the metaclass")
print(many(C), many(D))
del Meta.a
print(many(C))
Meta.b = 5
del C.a
try:
    many(C)
except AttributeError as e:
    print(e)
C.a = 4
print(many(C))


class Other(type):
    def __getattribute__(cls, name):
        return "other " + name


class E(metaclass=Meta):
    a = 6


print(many(E))
E.__class__ = Other
print(many(E))
Meta.__getattr__ = lambda cls, name: "made " + name
del C.a
print(many(C))


class Color(enum.Enum):
    RED = 1
    GREEN = 2


print([Color.RED for _ in range(3)], [Color.GREEN.value for _ in range(3)])
