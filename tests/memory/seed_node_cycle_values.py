# A cycle of nodes with payloads, watched by weak references.
import gc
import weakref

gc.collect()
gc.disable()


class Node:
    def __init__(self, value):
        self.value = value
        self.next = None


a = Node(1)
b = Node(2)
a.next = b
b.next = a
wa, wb = weakref.ref(a), weakref.ref(b)
del a
del b
print(wa() is not None, wb() is not None, wa().value, wa().next.value)
print(gc.collect())
print(wa(), wb())
gc.enable()
