# Frozen garbage waits until it is given back.
import gc

gc.disable()
gc.collect()
import weakref


class A:
    pass


a = A()
a.me = a
w = weakref.ref(a)
gc.freeze()
print(gc.get_freeze_count() > 0)
del a
print(gc.collect(), w() is not None)
gc.unfreeze()
print(gc.get_freeze_count())
print(gc.collect() >= 1, w() is None)
