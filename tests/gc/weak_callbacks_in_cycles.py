# References from outside are called back, references that are garbage themselves are not.
import gc
import weakref

gc.disable()
gc.collect()


class A:
    pass


a, b = A(), A()
a.b, b.a = b, a
outside = weakref.ref(a, lambda r: print("outside", r()))
b.inside = weakref.ref(a, lambda r: print("never"))
del a, b
print(gc.collect() > 0)
print(outside())
