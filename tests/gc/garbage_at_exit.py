# What is left in gc.garbage is told of at exit, and listed where the debugging flags say so.
import gc
import warnings


class Left:
    def __repr__(self):
        return "<left>"


warnings.simplefilter("always")
gc.garbage.extend([Left(), 1])
gc.set_debug(gc.DEBUG_UNCOLLECTABLE)
print(gc.garbage)
