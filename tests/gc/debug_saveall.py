# DEBUG_SAVEALL keeps what was found in gc.garbage.
import gc

gc.disable()
gc.collect()
print(gc.get_debug(), gc.DEBUG_SAVEALL, gc.DEBUG_STATS, gc.DEBUG_COLLECTABLE, gc.DEBUG_UNCOLLECTABLE, gc.DEBUG_LEAK)
gc.set_debug(gc.DEBUG_SAVEALL)


class A:
    pass


a = A()
a.me = a
del a
l = []
l.append(l)
del l
print(gc.collect())
print(sorted(type(o).__name__ for o in gc.garbage))
gc.set_debug(0)
gc.garbage.clear()
print(gc.collect() > 0, gc.garbage)
try:
    gc.set_debug("x")
except TypeError as e:
    print(e)
