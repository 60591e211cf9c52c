# Attributes looked up many times while classes change under them.
class A:
    x = 1

    def m(self):
        return "A.m"


def read(o):
    return o.x


def call(o):
    return o.m()


a = A()
print([read(a) for _ in range(20)][-1], [call(a) for _ in range(20)][-1])
A.x = 2
print(read(a))
a.x = 3
print(read(a))
del a.x
print(read(a))
A.x = property(lambda self: "property")
print(read(a))
del A.x
A.__getattr__ = lambda self, n: "getattr " + n
print(read(a))
A.m = lambda self: "new m"
print(call(a))
a.m = lambda: "instance m"
print(call(a))
del a.m


class B:
    __slots__ = ("x",)

    def m(self):
        return "B.m"


b = B()
b.x = "slot"
print([read(o) for o in (a, b, a, b)], [call(o) for o in (a, b) * 3])
a.__class__ = type("C", (), {"x": "other class", "m": lambda s: "C.m"})
print(read(a), call(a))


class Meta(type):
    y = "meta y"


class D(metaclass=Meta):
    pass


def klass_y():
    return D.y


print([klass_y() for _ in range(10)][-1])
D.y = "own y"
print(klass_y())
del D.y
print(klass_y())
