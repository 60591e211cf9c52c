# get_stats counts collections, collected and uncollectable.
import gc

gc.disable()
gc.collect()


class A:
    pass


before = gc.get_stats()
a = A()
a.me = a
del a
gc.collect(2)
after = gc.get_stats()
print(len(before), sorted(after[2]))
print(after[2]["collections"] - before[2]["collections"], after[2]["collected"] - before[2]["collected"], after[2]["uncollectable"])
gc.collect(0)
print(gc.get_stats()[0]["collections"] - after[0]["collections"])
