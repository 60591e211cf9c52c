# An exception in a callback is reported and stops nothing.
import gc
import sys

gc.disable()
sys.unraisablehook = lambda u: print(type(u.exc_value).__name__, u.exc_value, u.err_msg.split(" <")[0])


def bad(phase, info):
    raise ValueError(phase)


gc.callbacks.append(bad)
gc.collect()
gc.callbacks.clear()
