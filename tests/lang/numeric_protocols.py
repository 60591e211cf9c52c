# __index__, __int__, __float__, __complex__, __round__, __trunc__ and friends.
class I:
    def __index__(self):
        return 3


class N:
    def __int__(self):
        return 7

    def __float__(self):
        return 7.5

    def __complex__(self):
        return 1 + 2j

    def __round__(self, n=None):
        return f"round {n}"

    def __floor__(self):
        return "floor"

    def __ceil__(self):
        return "ceil"

    def __trunc__(self):
        return "trunc"


import math

i, n = I(), N()
print([10, 20, 30, 40][i], "abc" * i, range(i), hex(i), bin(i), oct(i), chr(I() .__index__() + 94))
print(int(i), float(i), complex(i), bytes(i), 1 << int(i), list(range(0, 10, i)), "abcdef"[:i], divmod(10, int(i)))
print(int(n), float(n), complex(n), round(n), round(n, 2), math.floor(n), math.ceil(n), math.trunc(n))
for f in (lambda: [1][n], lambda: int(object()), lambda: float(object()), lambda: complex(object()), lambda: range(n), lambda: hex(1.5), lambda: round("a")):
    try:
        f()
    except TypeError as e:
        print(e)


def bad(name, value):
    return type("Bad", (), {name: lambda self: value})()


for f in (lambda: int(bad("__int__", 1.5)), lambda: float(bad("__float__", 1)), lambda: [1][bad("__index__", "x")],
          lambda: bool(bad("__bool__", 1)), lambda: len(bad("__len__", -1)), lambda: len(bad("__len__", 1.5)), lambda: len(bad("__len__", 2**100)),
          lambda: str(bad("__str__", 1)), lambda: repr(bad("__repr__", 1)), lambda: hash(bad("__hash__", "x")), lambda: format(bad("__format__", 1) if False else 1, 5),
          lambda: complex(bad("__complex__", 1)), lambda: bytes(bad("__bytes__", "x"))):
    try:
        print(f())
    except (TypeError, ValueError, OverflowError) as e:
        print(type(e).__name__, e)


class U:
    def __neg__(self): return "neg"
    def __pos__(self): return "pos"
    def __invert__(self): return "invert"
    def __abs__(self): return "abs"


u = U()
print(-u, +u, ~u, abs(u), - -3, ~~5, -+-2, not -1)
