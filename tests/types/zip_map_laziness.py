# zip, map, filter and enumerate take only what they need.
def src(name, n):
    for i in range(n):
        print(f"{name}{i}", end=" ")
        yield i


print(list(zip(src("a", 3), src("b", 2))))
m = map(lambda x: x * 2, src("m", 3))
print("made")
print(next(m), next(m))
f = filter(lambda x: x % 2, src("f", 5))
print(next(f))
e = enumerate(src("e", 2), 10)
print(next(e), next(e), next(e, None))
print(any(x == 1 for x in src("any", 5)), all(x < 1 for x in src("all", 5)))
print(1 in src("in", 5), max(src("max", 3)), sum(src("sum", 3)))
a, *b = src("star", 3)
print(a, b)
x, y = zip(*[(1, 2), (3, 4)])
print(x, y, list(map(lambda *a: sum(a), [1, 2], [3, 4], [5, 6])), list(zip(range(3), "ab")))
