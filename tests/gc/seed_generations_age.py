# A new object is in generation 0; each collection that it survives makes it older, up to generation 2.
import gc

gc.disable()
gc.collect()


class Node:
    pass


def generation(target):
    return [i for i in range(3) if any(o is target for o in gc.get_objects(generation=i))]


node = Node()
node.me = node
print("new", generation(node))
gc.collect(0)
print("after a collection of 0", generation(node))
gc.collect(1)
print("after one of 1", generation(node))
gc.collect(2)
print("after one of 2", generation(node))

young = Node()
young.me = young
del node, young
print("0 finds the young one", gc.collect(0))
print("2 finds the old one", gc.collect(2))
