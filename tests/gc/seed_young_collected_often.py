# The young generation is collected often, the old ones rarely; what a collection finds is counted.
import gc


class Node:
    def __init__(self):
        self.ref = self


gc.collect()
gc.set_threshold(100, 5, 5)
before = gc.get_stats()
for _ in range(20000):
    Node()
after = gc.get_stats()
gc.set_threshold(2000, 10, 10)
ran = [b["collections"] - a["collections"] for a, b in zip(before, after)]
print(ran[0] > 100, ran[0] > 3 * ran[1], ran[1] >= ran[2])
found = sum(b["collected"] - a["collected"] for a, b in zip(before, after))
print(found > 19000)
gc.collect()

# With the collector off, cycles stay; collect() still works.
gc.disable()
for _ in range(5000):
    Node()
print(gc.collect())
gc.enable()
# sweep: not collect (the collections of each generation are what it shows)
