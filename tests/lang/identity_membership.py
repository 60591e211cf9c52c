# is, in and their negations; the three ways membership is answered.
class Contains:
    def __contains__(self, item):
        print("contains", item)
        return item  # converted to bool


class Iter:
    def __iter__(self):
        print("iter")
        return iter([1, 2])


class Getitem:
    def __getitem__(self, i):
        print("getitem", i)
        if i > 2:
            raise IndexError
        return i * 10


print(0 in Contains(), 5 in Contains(), 0 not in Contains())
print(2 in Iter(), 3 in Iter())
print(10 in Getitem(), 99 in Getitem())
try:
    1 in 5
except TypeError as e:
    print(e)


class Refuses:
    __contains__ = None

    def __iter__(self):
        return iter([1])


try:
    1 in Refuses()
except TypeError as e:
    print(e)

nan = float("nan")
print(nan == nan, nan in [nan], nan in (nan,), [nan] == [nan], nan in {nan})
print("ell" in "hello", "" in "", b"a" in b"cat", 97 in b"cat")
print("a" in {"a": 1}, 1 in {"a": 1}, 3 in range(0, 10, 3), 4 in range(0, 10, 3))
try:
    1 in "abc"
except TypeError as e:
    print(e)
x = []
print(x is x, x is [], x is not [], None is None)
g = (i for i in range(5))
print(2 in g, list(g))
