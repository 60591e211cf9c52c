# Subclasses of containers with attributes are tracked and collected.
import gc

gc.disable()
gc.collect()


class L(list):
    pass


class D(dict):
    pass


class T(tuple):
    pass


class S(set):
    __hash__ = object.__hash__


class I(int):
    pass


for cls in (L, D, T, S, I):
    x = cls()
    x.me = x
    print(cls.__name__, gc.is_tracked(x), end=" ")
    del x
    print(gc.collect() > 0)
x = L()
x.append(x)
del x
print(gc.collect())
