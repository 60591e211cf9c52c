"""Equality of tuples in tuples as dicts, sets and lists ask for it; gcd of ints of all sizes."""

import math
from collections import namedtuple

Point = namedtuple("Point", "x y")
Other = namedtuple("Other", "x y")


class Loud(tuple):
    def __eq__(self, other):
        print("asked")
        return super().__eq__(other)

    __hash__ = tuple.__hash__


class Same:
    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        print(self.name, "==", getattr(other, "name", other))
        return True

    def __hash__(self):
        return 1


nan = float("nan")
big = 10**30


def key(n):
    return (n, Point(n + 1000, ("a" * 3 + str(n), 2.5)), (big + n, None, True))


d = {key(i): i for i in range(50)}
print([d[key(i)] for i in range(50)] == list(range(50)), key(50) in d, key(3) in set(d), [key(7)].index(key(7)))
print((1, (2, 3)) == (1, (2, 3)), (1, (2, 3)) == (1, (2, 4)), (1, (2, 3)) == (1, (2, 3, 4)), (1, Point(1, 2)) == (1, (1, 2)))
print(Point(1, 2) == Other(1, 2), (Point(1, (2,)),) == (Other(1, (2,)),), [Point(1, 2)] == [(1, 2)], (1, True) == (1.0, 1))
print((nan,) == (nan,), (float("nan"),) == (float("nan"),), [(nan, (nan,))] == [(nan, (nan,))], nan in [nan])
print([(Loud((1, 2)), 3)] == [(Loud((1, 2)), 3)])
print([(1, Same("a"))] == [(1, Same("b"))], [(1, (2, Same("a")))] == [(1, (3, Same("b")))])
deep = other = ()
for i in range(100):
    deep, other = (i, deep), (i, other)
print(deep == other, [deep] == [other], {deep: 1}[other])
for i in range(100000):
    deep, other = (deep,), (other,)
try:
    [deep] == [other]
except RecursionError:
    pass
print(("a" * 300, "\u20ac") in {("a" * 300, "\u20ac"): 1}, ("\xe9",) == ("e\u0301",), ("\xe9", b"x") == ("\xe9", bytearray(b"x")))
NUMBERS = [0, 1, -1, 2, 6, -9, 12, 2**31, 2**62, -(2**63), 2**63, 2**63 - 1, 3 * 2**40, 10**30, -(10**30), True]
print([[math.gcd(a, b) for b in NUMBERS] for a in NUMBERS])
print(math.gcd(), math.gcd(-4), math.gcd(12, 18, 8), math.gcd(2**63, -(2**63)))
