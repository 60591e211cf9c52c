# Slots take part in cycles.
import gc

gc.disable()
gc.collect()


class S:
    __slots__ = ("x", "y")

    def __del__(self):
        print("del")


s = S()
s.x = s
del s
print(gc.collect())
a, b = S(), S()
a.x, b.y = b, a
del a, b
print(gc.collect())
