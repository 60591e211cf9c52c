# range.
for r in (range(5), range(2, 8), range(0, 10, 3), range(10, 0, -3), range(5, 5), range(0), range(-3, 3), range(10, 20, -1)):
    print(r, list(r), len(r), list(reversed(r)), bool(r), r.start, r.stop, r.step)
r = range(0, 20, 3)
print(r[0], r[-1], r[2:5], r[::-1], r[::2], r[100:], 9 in r, 10 in r, 9.0 in r, "a" in r, r.index(9), r.count(9), r.count(1), r == range(0, 21, 3), range(0) == range(5, 5), hash(range(0, 3)) == hash(range(0, 3, 1)), range(3) == [0, 1, 2])
big = range(10 ** 30, 10 ** 30 + 5)
print(list(big)[-1], len(big), big[2], 10 ** 30 + 1 in big, big.index(10 ** 30 + 4), big[1:3])
print(len(range(0, 2 ** 62, 2)), range(2 ** 100)[-1], range(0, -10, -2)[1:], list(range(3, -4, -2)), sum(range(101)), max(range(4)), min(range(2, 9)), sorted(range(3, 0, -1)))
for f in (lambda: range(), lambda: range(1.5), lambda: range("a"), lambda: range(1, 2, 0), lambda: range(1, 2, 3, 4), lambda: r[50], lambda: r["a"], lambda: r.index(10), lambda: len(range(2 ** 100)), lambda: range(5).start.x, lambda: range(stop=5), lambda: range(3) + range(3), lambda: range(3) < range(4), lambda: setattr(r, "start", 3), lambda: next(range(3))):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
it = iter(range(3))
print(next(it), it.__length_hint__(), list(it), list(it), type(it).__name__, type(iter(big)).__name__, True in range(2), range(True), [i for i in range(0, 1)], repr(range(1, 2)), str(range(0, 3, 1)), repr(range(0, 3, 2)))
