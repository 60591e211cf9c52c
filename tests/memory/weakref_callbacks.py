# Callbacks run when the object goes, last made first.
import weakref


class A:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)


def cb(name):
    return lambda r: print("callback", name, r())


a = A("a")
refs = [weakref.ref(a, cb(i)) for i in range(3)]
del a
print("--")
b = A("b")
r = weakref.ref(b, cb("dropped reference"))
del r
del b
print("-- no callback when the reference is gone first")
c = A("c")
r1 = weakref.ref(c, lambda r: 1 / 0)
del c
print("-- errors in callbacks are reported")
d = A("d")
other = A("other")
rd = weakref.ref(d, lambda r: globals().pop("other", None))
del d
print("-- callback may free more")
e = A("e")
f = A("f")
re_, rf = weakref.ref(e, cb("e")), weakref.ref(f, cb("f"))
lst = [e, f]
del e, f
lst.clear()
