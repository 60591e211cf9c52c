# oracle: 3.13
# Bound methods own their receiver; calls give it back.
import sys


class A:
    def m(self):
        return sys.getrefcount(self)

    @classmethod
    def c(cls):
        return cls

    @staticmethod
    def s():
        return None

    @property
    def p(self):
        return sys.getrefcount(self)


a = A()
base = sys.getrefcount(a)
print("call", a.m() - base)
bound = a.m
print("bound", sys.getrefcount(a) - base)
print("bound call", bound() - base)
del bound
print("property", a.p - base)
many = [a.m for _ in range(10)]
print("ten", sys.getrefcount(a) - base, a.m is a.m, a.m == a.m)
many.clear()
unbound = A.m
print("unbound", unbound(a) - base)
append = [].append
append(a)
print("builtin method", sys.getrefcount(a) - base)
del append
print("end", sys.getrefcount(a) - base)
