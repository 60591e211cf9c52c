# repr, str and ascii of many values.
class R:
    def __repr__(self):
        return "R()"


class S(R):
    def __str__(self):
        return "S as text"


for v in [1, -1, 1.0, 1e50, 1j, True, None, ..., "a'b", "é", b"\x00a", bytearray(b"x"), [1, "a"], (1,), {"k": R()}, {1}, frozenset([1]), range(3), slice(1, 2), R(), S(), [S()], int, len, ValueError("m"), NotImplemented, memoryview, type, property]:
    print(repr(v), "|", str(v), "|", ascii(v), "|", f"{v}")
class Bad:
    def __repr__(self):
        return 5
for f in (repr, str, ascii, lambda v: f"{v}", lambda v: f"{v!r}", lambda v: [v].__repr__()):
    try:
        f(Bad())
    except TypeError as e:
        print(e)
