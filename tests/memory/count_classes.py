# oracle: 3.13
# Each instance of a class statement owns its class; each subclass its bases.
import sys


class A:
    pass


base = sys.getrefcount(A)
many = [A() for _ in range(100)]
print(sys.getrefcount(A) - base)
many.clear()
print(sys.getrefcount(A) - base)


class B(A):
    pass


print(sys.getrefcount(A) > base, A.__subclasses__() == [B])
b = B()
print(sys.getrefcount(A) > base)
del b, B
import gc

gc.collect()
print(sys.getrefcount(A) - base, A.__subclasses__())
t = type("T", (A,), {})
x = t()
n = sys.getrefcount(t)
x.__class__ = A
print("class changed", sys.getrefcount(t) - n, sys.getrefcount(A) > base)
