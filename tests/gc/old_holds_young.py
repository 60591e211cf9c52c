# A young object that only an old one holds survives young collections.
import gc
import weakref

gc.disable()
old = []
gc.collect()


class A:
    pass


a = A()
a.me = a
old.append(a)
w = weakref.ref(a)
del a
gc.collect(0)
print(w() is not None)
gc.collect(1)
print(w() is not None)
old.clear()
print(gc.collect(0), w() is not None)
gc.collect()
print(w() is None)
