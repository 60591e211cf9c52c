# A finaliser that raises loses nothing.
import gc
import sys

gc.disable()
gc.collect()
sys.unraisablehook = lambda u: print(type(u.exc_value).__name__, u.exc_value)


class A:
    def __init__(self, n):
        self.n = n
        self.me = self

    def __del__(self):
        raise ValueError(self.n)


A(1), A(2), A(3)
print(gc.collect())
print(gc.collect())
