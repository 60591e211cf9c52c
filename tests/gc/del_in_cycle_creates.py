# Finalisers that make new objects and new cycles.
import gc

gc.disable()


class Maker:
    def __init__(self, depth):
        self.depth = depth
        self.me = self

    def __del__(self):
        print("del depth", self.depth)
        if self.depth:
            Maker(self.depth - 1)


Maker(2)
print(gc.collect() > 0)
print(gc.collect() > 0)
print(gc.collect() > 0)
print(gc.collect())


class Collects:
    def __init__(self):
        self.me = self

    def __del__(self):
        print("nested collect returns", gc.collect())


Collects()
gc.collect()
print("done")
