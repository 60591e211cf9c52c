# freeze moves everything out of the collector's sight.
import gc

gc.disable()
gc.collect()
print(gc.get_freeze_count() >= 0)


class A:
    pass


a = A()
a.me = a
gc.freeze()
n = gc.get_freeze_count()
print(n > 0)
del a
print(gc.collect())
gc.unfreeze()
print(gc.get_freeze_count(), gc.collect() > 0)
