# A suspended generator in a cycle is closed by the collection.
import gc

gc.disable()
gc.collect()


def gen(box):
    try:
        yield box
    finally:
        print("closed")


box = []
g = gen(box)
next(g)
box.append(g)
del g, box
print(gc.collect() > 0)
