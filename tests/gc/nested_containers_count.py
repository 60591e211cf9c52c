# The number of objects that a collection reports.
import gc

gc.disable()
gc.collect()


def cycle(n):
    lists = [[] for _ in range(n)]
    for i, item in enumerate(lists):
        item.append(lists[(i + 1) % n])


for n in (1, 2, 5, 100):
    cycle(n)
    print(n, gc.collect())
d = {}
d["d"] = d
del d
print(gc.collect())
s = [set()]
a = []
a.append((a, {"a": a}))
del a
print(gc.collect())
