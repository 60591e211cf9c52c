# A collection inside a finaliser does nothing and harms nothing.
import gc

gc.disable()
gc.collect()


class A:
    def __init__(self):
        self.me = self

    def __del__(self):
        print("inner", gc.collect())


A()
print("outer", gc.collect())
a = A()
a.me = None
del a
