# Hash rules: __eq__ removes __hash__, equal numbers hash equal.
class A:
    pass


class Eq:
    def __eq__(self, o):
        return True


class Both:
    def __init__(self, n):
        self.n = n

    def __eq__(self, o):
        return self.n == o.n

    def __hash__(self):
        return hash(self.n)


print(hash(A()) is not None, Eq.__hash__)
for bad in (Eq(), [], {}, set(), bytearray(), slice(1, [])):
    try:
        hash(bad)
    except TypeError as e:
        print(e)
print({Both(1): "a", Both(1): "b", Both(2): "c"}.values(), len({Both(1), Both(1)}))
print(hash(1) == hash(1.0) == hash(True) == hash(1 + 0j), hash(0) == hash(-0.0) == hash(False))
print(hash(-1), hash(-2), hash(2**61 - 1), hash(2**61), hash(2**100), hash(0.5), hash(1.5), hash(float("inf")), hash(-float("inf")))
print(hash(10**20), hash(-10**20), hash(1e20) == hash(10**20), hash(3.0), hash(1j), hash(2 + 3j))
print(hash(()), hash((1, 2)), hash((1, (2, 3))), hash(None) == hash(None), hash(frozenset([1, 2, 3])))
print(hash(range(5)) == hash(range(0, 5)), hash("a") == hash("a"), hash(b"ab") == hash(b"ab"), hash("") == 0)


class Restored(Eq):
    __hash__ = object.__hash__


print(isinstance(hash(Restored()), int))


class Big:
    def __hash__(self):
        return 2**70


print(hash(Big()) == hash(2**70))


class Minus:
    def __hash__(self):
        return -1


print(hash(Minus()))


class HashError:
    def __hash__(self):
        raise ValueError("unhashable today")


try:
    {HashError(): 1}
except ValueError as e:
    print(e)
try:
    {[]: 1}
except TypeError as e:
    print(e)
try:
    {1, {}}
except TypeError as e:
    print(e)
try:
    {}[[]]
except TypeError as e:
    print(e)
class Child(Both):
    pass
print(len({Child(1), Both(1)}))
class ChildEq(Both):
    def __eq__(self, o): return False
try:
    hash(ChildEq(1))
except TypeError as e:
    print(e)
