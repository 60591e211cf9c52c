# What a finaliser saves keeps all that it reaches.
import gc

gc.disable()
gc.collect()
saved = []


class A:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)
        if self.n == 1:
            saved.append(self)


a, b, c = A(1), A(2), A(3)
a.next, b.next, c.next = b, c, a
del a, b, c
print(gc.collect())
print(saved[0].n, saved[0].next.n, saved[0].next.next.n)
saved.clear()
print(gc.collect())
