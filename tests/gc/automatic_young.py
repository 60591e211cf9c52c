# Cyclic garbage does not pile up while the collector is on.
import gc
import weakref

gc.set_threshold(700, 10, 10)
alive = 0


class A:
    def __init__(self):
        global alive
        alive += 1
        self.me = self

    def __del__(self):
        global alive
        alive -= 1


worst = 0
for _ in range(20_000):
    A()
    worst = max(worst, alive)
print(worst < 5000)
gc.disable()
for _ in range(5000):
    A()
print(alive >= 5000)
gc.collect()
print(alive)
