# A function that sees itself through its cell is a cycle of two.
import gc

gc.disable()
gc.collect()


def make():
    def recursive():
        return recursive

    return recursive


make()
print(gc.collect())
f = make()
print(gc.collect(), f() is f)
del f
print(gc.collect())
