# Objects age: collect(0) looks at the young only.
import gc

gc.disable()
gc.collect()


class A:
    pass


def cycle():
    a = A()
    a.me = a


cycle()
print("young", gc.collect(0))
a = A()
a.me = a
gc.collect(0)
gc.collect(1)
del a
print("old is not seen by 0:", gc.collect(0))
print("full collection:", gc.collect())
print(gc.get_threshold())
gc.set_threshold(5)
print(gc.get_threshold())
gc.set_threshold(5, 6)
print(gc.get_threshold())
gc.set_threshold(5, 6, 7)
print(gc.get_threshold())
for bad in ((), ("a",), (1, 2, 3, 4)):
    try:
        gc.set_threshold(*bad)
    except TypeError as e:
        print(type(e).__name__)
gc.set_threshold(2000, 10, 10)
print(gc.get_count()[0] >= 0)
