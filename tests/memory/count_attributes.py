# oracle: 3.13
# Attribute values count once, wherever they are kept.
import sys


class A:
    pass


class S:
    __slots__ = ("x",)


class M(A):
    __slots__ = ("y",)


v = A()


def count():
    return sys.getrefcount(v) - 2


a = A()
a.x = v
print("inline", count())
a.__dict__
print("dict made", count())
a.__dict__["again"] = v
print("through the dict", count())
del a.x
print("deleted", count())
a.__dict__ = {}
print("dict replaced", count())
s = S()
s.x = v
print("slot", count())
s.x = v
print("slot again", count())
del s.x
print("slot deleted", count())
m = M()
m.x = m.y = v
print("slot and dict", count())
del m
print("instance gone", count())
A.shared = v
print("class attribute", count())
del A.shared
print("end", count())
setattr(a, "q", v)
print("setattr", count())
delattr(a, "q")
print("delattr", count())
