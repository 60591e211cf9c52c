# Finalisers may make new garbage; the next collection finds it.
import gc

gc.disable()
gc.collect()


class A:
    def __init__(self, n):
        self.n = n
        self.me = self

    def __del__(self):
        print("del", self.n)
        if self.n:
            A(self.n - 1)


A(3)
print(gc.collect())
print(gc.collect())
print(gc.collect())
print(gc.collect())
print(gc.collect())
