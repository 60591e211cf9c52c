# Finalisers of a cycle run in the order in which its objects were made.
import gc

gc.disable()
gc.collect()


class A:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print(self.n, end=" ")


items = [A(i) for i in range(10)]
for x in items:
    x.all = items
del items, x
print("|", gc.collect() > 0)
items = [A(i) for i in range(5)]
gc.collect(0)
items += [A(i) for i in range(5, 8)]
for x in items:
    x.all = items
del items, x
gc.collect()
print()
