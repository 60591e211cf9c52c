# Unpacking from every iterable, nested and starred.
a, b = "xy"
(c, d), e = [1, 2], 3
[f, *g], h = ("abc", "d")
i, (j, (k, *l)), *m = 1, (2, (3, 4, 5)), 6, 7
print(a, b, c, d, e, f, g, h, i, j, k, l, m)
x, y, z = {"k1": 1, "k2": 2, "k3": 3}
print(x, y, z)
p, q = map(str, [1, 2])
r, s = (n * n for n in (2, 3))
print(p, q, r, s)
*t, = range(3)
u, *v = "a"
*w, xx = [1]
print(t, u, v, w, xx)
first, *_, last = range(100)
print(first, last, len(_))
for n, (o, *rest) in [(1, [2, 3, 4]), (5, "ab")]:
    print(n, o, rest)


class It:
    def __iter__(self):
        yield from (1, 2)


one, two = It()
print(one, two)
for bad, count in ((It(), "three"), ([1], "two"), ("abc", "two"), ({}, "one")):
    try:
        if count == "three":
            A, B, C = bad
        elif count == "two":
            A, B = bad
        else:
            A, = bad
    except ValueError as err:
        print(err)
try:
    A, *B, C, D = range(2)
except ValueError as err:
    print(err)


def inf():
    n = 0
    while True:
        yield n
        n += 1


try:
    A, B, C = inf()
except ValueError as err:
    print(err)
big = list(range(300))
exec(", ".join(f"v{n}" for n in range(300)) + " = big")
print(v0, v299)
