# WeakMethod lives as long as its object and function.
import weakref


class A:
    def m(self):
        return "called"


a = A()
w = weakref.WeakMethod(a.m)
print(w() == a.m, w()(), w == weakref.WeakMethod(a.m), hash(w) == hash(weakref.WeakMethod(a.m)))
plain = weakref.ref(a.m)
print(plain())
seen = []
v = weakref.WeakMethod(a.m, seen.append)
del a
print(w(), seen == [v])
try:
    weakref.WeakMethod(len)
except TypeError as e:
    print(str(e)[:20])
