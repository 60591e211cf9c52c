# get_stats() counts collections of each generation.
import gc

gc.disable()
before = gc.get_stats()
gc.collect(0)
gc.collect(1)
gc.collect(1)
gc.collect(2)
after = gc.get_stats()
print([sorted(d) for d in after])
print([b["collections"] - a["collections"] for a, b in zip(before, after)])
a = []
a.append(a)
del a
before = gc.get_stats()[2]["collected"]
print(gc.collect())
print(gc.get_stats()[2]["collected"] - before, gc.get_stats()[2]["uncollectable"])
