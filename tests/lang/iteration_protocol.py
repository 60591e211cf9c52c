# The iteration protocols, new and old.
class Count:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        self.i = 0
        return self

    def __next__(self):
        if self.i >= self.n:
            raise StopIteration
        self.i += 1
        return self.i


class Old:
    def __getitem__(self, i):
        print("getitem", i)
        if i >= 2:
            raise IndexError
        return i * i


print(list(Count(3)), [*Count(2)], tuple(Count(1)), sum(Count(4)))
print(list(Old()))
it = iter(Old())
print(type(it).__name__, next(it), it.__length_hint__() if hasattr(it, "__len__") else "")
for bad in (5, None, object(), type("NI", (), {"__iter__": lambda s: 5})(), type("NN", (), {"__iter__": None})()):
    try:
        iter(bad)
    except TypeError as e:
        print(e)
values = iter([1, 2, 3, 0, 4])
print(list(iter(lambda: next(values), 0)), list(values))
try:
    iter(5, 5)
except TypeError as e:
    print(e)
try:
    next([])
except TypeError as e:
    print(e)
i = iter([])
print(next(i, "default"), next(i, None))


class Rev:
    def __reversed__(self):
        return iter("zyx")


class Seq:
    def __len__(self):
        return 3

    def __getitem__(self, i):
        return i * 2


print(list(reversed(Rev())), list(reversed(Seq())), list(Seq().__class__.__mro__)[0].__name__)
try:
    reversed({1})
except TypeError as e:
    print(e)
# Iterators remember that they are exhausted.
src = [1, 2]
it = iter(src)
list(it)
src.append(3)
print(list(it))
d = {1: 1}
try:
    for k in d:
        d[k + 1] = 1
except RuntimeError as e:
    print(e)
s = {1}
try:
    for k in s:
        s.add(k + 1)
except RuntimeError as e:
    print(e)
lst = [1, 2, 3]
for x in lst:
    lst.remove(x)
print(lst)
class Hint:
    def __iter__(self): return iter([1, 2])
    def __length_hint__(self): return "x"
try:
    list(Hint())
except TypeError as e:
    print(e)
