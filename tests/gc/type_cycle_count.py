# Classes are cycles of their own.
import gc

gc.disable()
gc.collect()


def make():
    class A:
        pass


make()
print(gc.collect() > 0)
make()
make()
print(gc.collect() > 0)
print(gc.collect())
