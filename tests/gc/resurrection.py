# An object saved by its finaliser stays whole; a second collection does not call it again.
import gc

gc.disable()
saved = []


class T:
    def __init__(self, n):
        self.n = n
        self.me = self

    def __del__(self):
        print("del", self.n)
        saved.append(self)


t = T(1)
del t
print(gc.collect(), len(saved), saved[0].me is saved[0])
saved.clear()
print(gc.collect(), len(saved))


class Pair:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("pair del", self.n)
        if self.n == 1:
            saved.append(self)


a, b = Pair(1), Pair(2)
a.o, b.o = b, a
del a, b
print(gc.collect(), [p.n for p in saved], saved[0].o.n)
saved.clear()
print(gc.collect())
