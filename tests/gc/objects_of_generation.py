# get_objects(generation) finds a new object in the youngest, and in an older one after each collection.
import gc

gc.disable()
gc.collect()
new = [object()]


def where():
    return [any(x is new for x in gc.get_objects(n)) for n in range(3)]


print(where())
gc.collect(0)
print(where())
gc.collect(1)
print(where())
gc.collect(2)
print(where())
print(any(x is new for x in gc.get_objects()))
for bad in (3, -2, "x", 1.5):
    try:
        gc.get_objects(bad)
    except Exception as e:
        print(type(e).__name__, e)
