# References: liveness, equality, hash, callbacks.
import weakref


class A:
    def __init__(self, n=0):
        self.n = n

    def __eq__(self, o):
        return self.n == o.n

    def __hash__(self):
        return hash(self.n)


a = A(1)
r = weakref.ref(a)
print(r() is a, weakref.ref(a) is r, weakref.getweakrefcount(a), type(r).__name__, weakref.getweakrefs(a) == [r])
r2 = weakref.ref(a, lambda x: print("callback", x is r2, x()))
print(r2 is r, r == r2, weakref.getweakrefcount(a), hash(r) == hash(a), r.__callback__, r2.__callback__ is not None)
b = A(1)
rb = weakref.ref(b)
print(r == rb, r != rb, r == 5)
del a
print(r(), r2(), r == rb, hash(r) == hash(1), r2.__callback__)
fresh = weakref.ref(A(5))
print(fresh())
try:
    hash(fresh)
except TypeError as e:
    print(e)
for bad in (5, "s", (), [], {}, None):
    try:
        weakref.ref(bad)
    except TypeError as e:
        print(e)
for good in ({1}, frozenset(), A, lambda: 0, (i for i in ()), len if False else A().__eq__):
    print(type(weakref.ref(good)).__name__)
try:
    weakref.ref(b, 1, 2)
except TypeError as e:
    print(e)


class L(list):
    pass


l = L([1])
print(weakref.ref(l)() == [1])
