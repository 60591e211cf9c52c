# list: construction, operators, comparison, repr.
print(list(), list("abc"), list(range(3)), list((1, 2)), list({1: 2}), [*"xy"], [[]] * 2, [1, [2, [3]]])
a = [1, 2, 3]
print(a + [4], a * 2, 2 * a, a[0], a[-1], a[1:], a[::-1], a[:], len(a), 2 in a, a == [1, 2, 3], a != [1], a < [1, 2, 4], a < [1, 2, 3, 0], [] < a, [1, "x"] < [2, 0], a is a[:])
b = a
b += [9]
print(a, a * 0, a * -1, [0] * 3, [None, True, 1.5, "s", b"b", (1,), {1}, {}])
rec = [1]
rec.append(rec)
print(rec, str(rec))
other = [rec, rec]
print(other)
for f in (lambda: a[10], lambda: a["x"], lambda: a + (1,), lambda: a * "x", lambda: a < 5, lambda: [1] < ["a"], lambda: list(5), lambda: hash(a), lambda: a[1.0], lambda: list(1, 2), lambda: a.__setitem__(10, 0), lambda: a.__delitem__(10), lambda: a * 1.5, lambda: [1] + None, lambda: list(x=1), lambda: [0] * (1 << 62)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
rows = [[0] * 2 for _ in range(2)]
rows[0][1] = 5
shared = [[0] * 2] * 2
shared[0][1] = 5
print(rows, shared)


class L(list):
    def __getitem__(self, i):
        return ("sub", super().__getitem__(i))


x = L([1, 2, 3])
print(x[0], x, list(x), type(x + [1]).__name__, type(x[:]).__name__, x == [1, 2, 3], [*x])
x.__init__("re")
print(x)
