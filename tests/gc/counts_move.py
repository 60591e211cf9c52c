# get_count() goes up with containers and back with a collection.
import gc

gc.disable()
gc.collect()
a = gc.get_count()[0]
keep = [[] for _ in range(100)]
b = gc.get_count()[0]
print(b - a >= 100)
del keep
print(gc.get_count()[0] < b)
gc.collect(0)
print(gc.get_count()[1] >= 1)
gc.collect(1)
print(gc.get_count()[2] >= 1, gc.get_count()[1])
gc.collect()
print(gc.get_count()[1:])
