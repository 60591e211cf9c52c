# getsizeof() grows with what an object holds.
import sys

print(sys.getsizeof([]) < sys.getsizeof([1]) < sys.getsizeof(list(range(100))))
print(sys.getsizeof(()) < sys.getsizeof((1, 2, 3)) < sys.getsizeof(tuple(range(100))))
print(sys.getsizeof({}) < sys.getsizeof({i: i for i in range(100)}) < sys.getsizeof({i: i for i in range(1000)}))
print(sys.getsizeof(set()) < sys.getsizeof(set(range(100))))
print(sys.getsizeof("") < sys.getsizeof("a" * 100) < sys.getsizeof("é" * 300) < sys.getsizeof("€" * 300) < sys.getsizeof("😀" * 300))
print(sys.getsizeof(1) <= sys.getsizeof(2**100) < sys.getsizeof(2**1000))
print(sys.getsizeof(b"") < sys.getsizeof(b"x" * 100), sys.getsizeof(bytearray(100)) > 100)


class A:
    pass


class S:
    __slots__ = ("a",)


class L(list):
    def __sizeof__(self):
        return 1000


print(sys.getsizeof(S()) <= sys.getsizeof(A()), sys.getsizeof(L()) >= 1000)
for bad in ("x", -1, None):
    class B:
        def __sizeof__(self):
            return bad
    try:
        sys.getsizeof(B())
    except Exception as e:
        print(type(e).__name__, e)
    print(sys.getsizeof(B(), 7)) if not isinstance(bad, int) else None
