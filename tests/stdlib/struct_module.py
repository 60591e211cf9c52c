"""Formats, sizes, packing, unpacking and what is wrong with arguments."""
from struct import *
import struct


def t(f, *a, **k):
    try:
        print(f.__name__, a[:1], "->", repr(f(*a, **k)))
    except Exception as e:
        print(f.__name__, a[:1], "!!", type(e).__module__, type(e).__name__, e)


class Index:
    def __index__(self):
        return 5


class Real:
    def __float__(self):
        return 1.5


numbers = -1, 1 << 7, 1 << 15, 1 << 31, 1 << 63, 1 << 64, -129, -(1 << 63) - 1, 1.5, Index(), "x"
for order in "@<>":
    for c in "bBhHiIlLqQnNP":
        for v in numbers:
            t(pack, order + c, v)
    for c in "efdFD":
        for v in 1, 1.5, Real(), "x", float("inf"), 1e300, 1j, 65519.9, 65520.0, 2e-8, 3.5e38:
            t(pack, order + c, v)
for c in "csp?":
    for v in 1, b"", b"a", b"abc", bytearray(b"ab"), None:
        t(pack, c, v)
        t(pack, "3" + c, v)
for f in "i z 3 i3 <P <n 99999999999999999999i i9223372036854775807s >i=h = bq qb b0q cxi hhl <b0i 3? bF bD".split():
    t(calcsize, f)
t(calcsize, "3 i"), t(calcsize, " i i "), t(calcsize, "i\0"), t(calcsize, 1), t(calcsize, bytearray(b"i"))
t(unpack, "i", b"abc"), t(unpack, "i", "abcd"), t(unpack, "5p", b"\x09abcd"), t(unpack, "0s", b"")
for at in 5, 4, -3, -9, -5, 9, 1 << 70:
    t(unpack_from, "i", b"abcdefgh", at)
t(iter_unpack, "i", b"abcde"), t(iter_unpack, "", b"abcde")
buffer = bytearray(10)
for at in 7, 6, -2, -4, -40, 40, 1 << 70, "x", Index():
    t(pack_into, "i", buffer, at, 1)
print(buffer)
t(pack_into, "i", buffer), t(pack_into, "i"), t(pack_into), t(pack), t(pack_into, "i", b"abcd", 0, 1)
s = Struct("<ih")
it = s.iter_unpack(bytearray(b"abcdef" * 3))
print(s, s.format, s.size, it.__length_hint__(), next(it), list(it), it.__length_hint__())
t(s.pack, 1), t(s.unpack, b"a"), t(Struct), t(Struct, "\xe9"), t(Struct, "i", 1)
t(Struct.__new__(Struct, "i").pack, 1)
print(unpack("<3xhe", b"abc\1\0\0\x3c"), unpack(">Q", b"\xff" * 8), unpack(">q", b"\xff" * 8), unpack(">D", pack(">D", 1 + 2j)))
print(struct.error.__mro__)
