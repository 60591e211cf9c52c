# An instance that keeps its own bound method.
import functools
import gc

gc.disable()
gc.collect()


class A:
    def __init__(self):
        self.m = self.method

    def method(self):
        pass


A()
print(gc.collect())


class B:
    pass


b = B()
b.partial = functools.partial(print, b)
del b
print(gc.collect())
