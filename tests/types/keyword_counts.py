# What native functions say of too many arguments, and of keywords that are none.
import itertools
import struct
import types


class Odd(str):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return str.__hash__(self) ^ 3


module = types.ModuleType("mod")
module.mod = print
calls = [
    lambda: round(1, 2, foo=3), lambda: round(1, foo=3), lambda: round(foo=3, b=3, c=3),
    lambda: print(foo=3, sep=1, end=2, file=3, flush=1), lambda: sum([1], 2, start=3), lambda: sum([1], foo=3, bar=2),
    lambda: b"".decode(foo=1, bar=2, encoding=3), lambda: "a".split(1, 2, 3), lambda: "a".split(1, 2, maxsplit=3),
    lambda: "a".encode(1, 2, 3), lambda: int.from_bytes(b"", 1, 2, 3), lambda: int.from_bytes(b"", "little", False),
    lambda: int.from_bytes(b"", signed=1, a=2, c=3), lambda: [].sort(foo=1), lambda: [].sort(foo=1, key=2, reverse=3),
    lambda: sorted([], key=None, reverse=1, x=2), lambda: min(0, default=1, key=2, foo=3), lambda: max(1, 2, foo=3),
    lambda: ImportError(0, name=1, path=2, name_from=3, foo=3), lambda: ImportError(foo=1),
    lambda: itertools.product(0, repeat=1, foo=2), lambda: __import__(1, 2, 3, 4, 5, 6),
    lambda: struct.Struct.pack(struct.Struct(""), x=2), lambda: struct.Struct.pack(), lambda: round(1.75, **{Odd("foo"): 1}),
    lambda: print(0, **{Odd("foo"): ","}), module, types.ModuleType("other"),
]
for call in calls:
    try:
        print(call())
    except TypeError as e:
        print(e)
