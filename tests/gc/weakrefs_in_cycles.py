# Weak references into garbage are cleared first; callbacks outside the garbage run.
import gc
import weakref

gc.disable()


class A:
    def __del__(self):
        print("del; weakref says", outside())


def cb(name):
    return lambda r: print("callback", name, r())


a = A()
a.me = a
outside = weakref.ref(a, cb("outside"))
a.inside = weakref.ref(a, cb("inside the garbage"))
del a
print(outside() is not None)
gc.collect()
print(outside())


class B:
    pass


x, y = B(), B()
x.y, y.x = y, x
wx, wy = weakref.ref(x, cb("x")), weakref.ref(y, cb("y"))
del x
gc.collect()
print("y still alive", wx() is y.x)
del y
gc.collect()
print(wx(), wy())
