# A weak reference that a finaliser makes to garbage is cleared before the garbage loses its parts.
import gc
import weakref

gc.disable()
gc.collect()
seen = []


class Node:
    def __del__(self):
        seen.append((self.name, weakref.ref(self), weakref.ref(self.other, lambda ref: print("never called"))))


def pair():
    a, b = Node(), Node()
    a.name, b.name = "a", "b"
    a.other, b.other = b, a


pair()
print(gc.collect())
for name, own, other in seen:
    print(name, own(), other())

# One that is saved keeps its new references.
kept = []


class Saved:
    def __del__(self):
        kept.append((self, weakref.ref(self)))


saved = Saved()
saved.me = saved
del saved
print(gc.collect(), kept[0][1]() is kept[0][0])
