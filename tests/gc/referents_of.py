# get_referents() of the usual containers.
import gc


def show(x):
    return [type(r).__name__ for r in gc.get_referents(x)]


print(show([1, "a"]), show((1, 2)), show({"a": 1}), show({1: 2}), show({1}))
print(show(1), show("x"), show(object()))
print(gc.get_referents([1], [2], [3]))


class A:
    pass


a = A()
a.x = "v"
print("v" in gc.get_referents(a) or any("x" in r for r in gc.get_referents(a) if isinstance(r, dict)), A in gc.get_referents(a))
m = [].append
print(show(m))
