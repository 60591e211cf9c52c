# Debug flags are kept as given.
import gc

for flags in (0, gc.DEBUG_COLLECTABLE, gc.DEBUG_UNCOLLECTABLE, gc.DEBUG_SAVEALL, gc.DEBUG_STATS | gc.DEBUG_SAVEALL):
    gc.set_debug(flags)
    print(gc.get_debug())
    gc.set_debug(0)
print(gc.DEBUG_LEAK, gc.DEBUG_STATS)
try:
    gc.set_debug("x")
except TypeError as e:
    print(e)
