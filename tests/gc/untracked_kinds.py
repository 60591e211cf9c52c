# Which objects the collector watches from the start.
import gc


class P:
    pass


class S:
    __slots__ = ()


def f():
    pass


things = [1, 1.5, "s", b"b", None, True, 3j, range(3), ..., NotImplemented, int, f, f.__code__, [], {}, set(),
          frozenset(), P(), S(), P, gc, len, object(), bytearray(), memoryview(b""), slice(1), iter([]), (x for x in [])]
for thing in things:
    print(type(thing).__name__, gc.is_tracked(thing))
