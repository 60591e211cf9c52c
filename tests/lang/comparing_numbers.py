"""Comparisons of ints, floats, bools and numbers that are no number, in conditions and as values."""

import itertools

BIG = 1 << 53
NUMBERS = [
    0, 1, -1, 2, 255, 257, BIG - 1, BIG, BIG + 1, -BIG, -BIG - 1, (1 << 62), (1 << 63) - 1, -(1 << 63), 1 << 64, -(1 << 70),
    0.0, -0.0, 1.0, 1.5, -1.0, float(BIG), float(BIG) + 2.0, 1e300, -1e300, 9.3e18,
    float("inf"), float("-inf"), float("nan"), True, False,
]


def values(a, b):
    return (a < b, a <= b, a == b, a != b, a > b, a >= b)


def jumps(a, b):
    result = []
    if a < b:
        result.append("<")
    if a <= b:
        result.append("<=")
    if a == b:
        result.append("==")
    if a != b:
        result.append("!=")
    if a > b:
        result.append(">")
    if a >= b:
        result.append(">=")
    return " ".join(result)


def items(x, y):
    result = []
    if x[0] < y[0]:
        result.append("<")
    if not x[0] <= y[0]:
        result.append("not <=")
    if x[0] == y[0]:
        result.append("==")
    if not x[0] != y[0]:
        result.append("not !=")
    if x[0] > y[0]:
        result.append(">")
    if not x[0] >= y[0]:
        result.append("not >=")
    return " ".join(result)


class Plain:
    pass


class Derived(Plain):
    pass


def main():
    seen = {}
    for a, b in itertools.product(NUMBERS, repeat=2):
        said = values(a, b)
        assert said == (a.__lt__(b) is True or b.__gt__(a) is True, *said[1:])
        seen.setdefault((said, jumps(a, b), items([a], [b])), []).append((a, b))
    for key, pairs in sorted(seen.items()):
        print(key, len(pairs), pairs[0], pairs[-1])
    p, q, d = Plain(), Plain(), Derived()
    for a, b in itertools.product((p, q, d), repeat=2):
        print(a == b, a != b, "same" if a == b else "other", "other" if a != b else "same")
    try:
        p < q
    except TypeError as e:
        print(e)
    Derived.__eq__ = lambda self, other: "equal"
    print(p == d, d == p, d != q, p == q)


main()
