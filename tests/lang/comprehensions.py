# List, set and dict comprehensions.
print([x * x for x in range(6)])
print([x for x in range(20) if x % 2 if x % 3])
print([(x, y) for x in range(3) for y in range(x)])
print({x % 3 for x in range(10)})
print({k: v for k, v in zip("abc", range(3))})
print({v: k for k, v in {"a": 1, "b": 2}.items()})
print([[y * x for y in range(3)] for x in range(3)])
print([x for row in [[1, 2], [3]] for x in row])
print([a + b for a, b in [("x", "y"), ("p", "q")]])
print([first for first, *_ in ["abc", "de"]])
print([x if x > 1 else -x for x in range(4)])
x = "outer"
[x for x in range(3)]
print(x)
print([(lambda: i)() for i in range(3)])
print([f() for f in [lambda: i for i in range(3)]])
print([y := 5, y ** 2], y)
print([last := n for n in range(4)], last)


def scope():
    local = 10
    return [local + i for i in range(2)], [(lambda: local + j)() for j in range(2)]


print(scope())
print([c for c in "abc" if c not in {"b"}])
print({(a, b): a * b for a in range(2) for b in range(2) if a or b})
print([*[1, 2], *(n for n in range(2))])
print([i for i in range(5) if (half := i / 2) > 1], half)


def order(name, values):
    print("iter", name)
    return values


print([(a, b) for a in order("a", [1, 2]) for b in order("b", [3])])
try:
    [1 / i for i in (1, 0)]
except ZeroDivisionError as e:
    print(e)
try:
    [q for q in 5]
except TypeError as e:
    print(e)
print({1: "a", **{k: k for k in "xy"}})
