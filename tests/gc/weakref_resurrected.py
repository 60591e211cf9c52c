# References to what a finaliser saves are dead all the same when a collection found it.
import gc
import weakref

gc.disable()
gc.collect()
saved = []


class A:
    def __del__(self):
        saved.append(self)


a = A()
a.me = a
r = weakref.ref(a, lambda r: print("called back"))
del a
gc.collect()
print(r(), len(saved))
b = A()
s = weakref.ref(b, lambda r: print("second"))
del b
print(s() is not None, len(saved))
saved.clear()
gc.collect()
print(s())
