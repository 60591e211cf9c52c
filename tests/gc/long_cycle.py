# A ring of a hundred thousand nodes.
import gc

gc.disable()
gc.collect()


class N:
    __slots__ = ("next",)


first = last = N()
for _ in range(100_000):
    n = N()
    last.next = n
    last = n
last.next = first
del first, last, n
print(gc.collect())
outer = inner = []
for _ in range(100_000):
    new = []
    inner.append(new)
    inner = new
inner.append(outer)
del outer, inner, new
print(gc.collect())
