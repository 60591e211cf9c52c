# Two nodes that hold each other: only the collector frees them.
import gc

gc.collect()


class Node:
    def __init__(self):
        self.ref = None


a = Node()
b = Node()
a.ref = b
b.ref = a
del a
del b
print("unreachable objects collected:", gc.collect())
print("and again:", gc.collect())
