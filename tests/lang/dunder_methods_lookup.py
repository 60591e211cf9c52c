# Special methods are looked up on the type.
class A:
    pass


a = A()
a.__len__ = lambda: 5
a.__iter__ = lambda: iter([1])
a.__bool__ = lambda: False
a.__str__ = lambda: "instance str"
a.__eq__ = lambda o: True
a.__getitem__ = lambda k: k
a.__contains__ = lambda x: True
a.__hash__ = lambda: 1
for f in (lambda: len(a), lambda: list(a), lambda: a[0], lambda: 1 in a, lambda: bool(a), lambda: a == 5, lambda: str(a) == "instance str"):
    try:
        print(f())
    except TypeError as e:
        print(e)
A.__len__ = lambda self: 7
print(len(a))
A.__getattribute__ = lambda self, n: (_ for _ in ()).throw(ValueError("blocked " + n))
print(len(a))
try:
    a.x
except ValueError as e:
    print(e)


class M(type):
    def __len__(cls):
        return 11

    def __contains__(cls, x):
        return x == "in"


class B(metaclass=M):
    def __len__(self):
        return 22


print(len(B), len(B()), "in" in B)


class Desc:
    def __get__(self, obj, cls):
        print("descriptor used", obj is not None)
        return lambda: 33


class C:
    __len__ = Desc()


print(len(C()))
