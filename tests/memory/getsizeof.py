# Sizes grow with contents; the exact bytes are ours.
import sys

print(sys.getsizeof([]) < sys.getsizeof([1]) < sys.getsizeof([1] * 100))
print(sys.getsizeof(()) < sys.getsizeof((1, 2)) < sys.getsizeof((1, 2, 3, 4)))
print(sys.getsizeof("") < sys.getsizeof("a" * 100), sys.getsizeof("a" * 100) < sys.getsizeof("é" * 100) + 1, sys.getsizeof("a" * 100) < sys.getsizeof("日" * 100) < sys.getsizeof("😀" * 100))
print(sys.getsizeof(0) <= sys.getsizeof(2 ** 100) < sys.getsizeof(2 ** 1000))
print(sys.getsizeof({}) < sys.getsizeof({i: i for i in range(100)}))
print(sys.getsizeof(b"") < sys.getsizeof(b"x" * 50))


class S:
    __sizeof__ = lambda self: 1000


print(sys.getsizeof(S()) >= 1000, sys.getsizeof(1.5) == sys.getsizeof(2.5), sys.getsizeof(None) > 0)


class Bad:
    def __sizeof__(self):
        return -1


try:
    sys.getsizeof(Bad())
except ValueError as e:
    print(e)


class Str:
    def __sizeof__(self):
        return "x"


try:
    sys.getsizeof(Str())
except TypeError as e:
    print(e)
print(sys.getsizeof(Str(), 7))
