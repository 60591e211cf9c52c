# Which containers the collector tracks.
import gc

for o in [(), (1, 2), ([],), [], {}, {1: 2}, {1: []}, set(), frozenset(), 5, "s", b"", 1.5, None, object(), int, len, lambda: 0, range(3), slice(1), type("A", (), {})(), bytearray()]:
    print(type(o).__name__, gc.is_tracked(o))
t = tuple([1, "a"])
before = gc.is_tracked(t)
gc.collect()
print(before, gc.is_tracked(t))
n = tuple([tuple([1]), 2])
gc.collect()
print(gc.is_tracked(n))
mixed = (1, [])
gc.collect()
print(gc.is_tracked(mixed))


class S:
    __slots__ = ()


class D:
    pass


print(gc.is_tracked(S()), gc.is_tracked(D()), gc.is_finalized(D()))
# sweep: not collect (what the collector has done is the subject)
