# The lazy builtin iterators.
print(list(enumerate("ab")), list(enumerate("ab", 5)), list(enumerate("a", start=-1)), type(enumerate("")).__name__, next(enumerate("z", 2 ** 70)))
print(list(zip("ab", [1, 2, 3])), list(zip()), list(zip("a")), list(zip("ab", "cd", "ef")), list(zip("ab", "cd", strict=True)), dict(zip("k", "v")), list(zip(*[(1, 2), (3, 4)])))
for args in [("ab", "a"), ("a", "ab"), ("ab", "ab", "a"), ("a", "a", "ab")]:
    try:
        list(zip(*args, strict=True))
    except ValueError as e:
        print(e)
print(list(map(str, [1, 2])), list(map(lambda a, b: a + b, [1, 2, 3], [10, 20])), list(map(None.__class__, [])), list(map(max, [1, 5], [3, 2], [2, 9])), list(map(int, "123")))
try:
    list(map(lambda a, b: 0, [1, 2], [1], strict=True))
except ValueError as e:
    print(e)
print(list(filter(None, [0, 1, "", "a", [], None])), list(filter(lambda x: x > 1, range(4))), list(filter(str.isdigit, "a1b2")), list(filter(bool, [])))
print(list(reversed([1, 2])), list(reversed("ab")), list(reversed(range(3))), list(reversed({1: 0, 2: 0})), list(reversed((1, 2))), "".join(reversed("xyz")))
for f in (lambda: enumerate(5), lambda: zip(5), lambda: zip([1], 5), lambda: map(str), lambda: map(), lambda: list(map(5, [1])), lambda: filter(None), lambda: list(filter(5, [1])), lambda: reversed(5), lambda: enumerate(), lambda: enumerate([], "a"), lambda: zip([], x=1), lambda: list(map(str, 5)), lambda: reversed(iter([])), lambda: filter(None, 5)):
    try:
        print(f())
    except TypeError as e:
        print(e)


def noisy(name, n):
    for i in range(n):
        print(name, i, end="; ")
        yield i


z = zip(noisy("a", 2), noisy("b", 3))
print(next(z), next(z), next(z, "end"))
m = map(lambda x: 1 / x, [1, 0, 2])
print(next(m))
try:
    next(m)
except ZeroDivisionError as e:
    print(e)
print(next(m))
it = iter("abcdef")
print(list(zip(it, it)), [tuple(e) for e in enumerate("x")], iter(z) is z)
r = reversed([1, 2, 3])
print(next(r), r.__length_hint__(), list(r), type(r).__name__)
