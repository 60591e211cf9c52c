# Dicts, sets and tuples among one another.
import gc

gc.disable()
gc.collect()
a, b = {}, {}
a["b"], b["a"] = b, a
t = (a, b)
a["t"] = t
del a, b, t
print(gc.collect())


class E:
    pass


e = E()
e.s = {e}
e.f = frozenset([e])
del e
print(gc.collect())
