# slice objects.
s = slice(5)
print(s, slice(1, 2), slice(1, 2, 3), slice(None), s.start, s.stop, s.step, slice("a", None, []))
for args in [(None, None, None), (1, 4), (-3, None), (None, -1), (None, None, -1), (8, 1, -2), (-100, 100), (5, 2), (100, -100, -3)]:
    print(args, slice(*args).indices(10), "0123456789"[slice(*args)])
print(slice(1, 2) == slice(1, 2), slice(1, 2) != slice(1, 3), slice(1, 2) < slice(1, 3), slice(1) == 5, hash(slice(1, 2)) == hash(slice(1, 2)), {slice(1): "a"}[slice(1)])
for f in (lambda: slice(), lambda: slice(1, 2, 3, 4), lambda: slice(1, 2, 0).indices(5), lambda: slice("a").indices(5), lambda: slice(1).indices(-1), lambda: slice(1).indices("a"), lambda: setattr(s, "start", 1), lambda: [1, 2][slice(1.5, 2)], lambda: slice(1).indices(), lambda: "abc"[::0]):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class I:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        return self.n


print([0, 1, 2, 3, 4][I(1):I(4)], slice(I(1), I(3)).indices(I(9)), list(range(10))[10 ** 30:], "abc"[-10 ** 30:10 ** 30], (1, 2, 3)[:2:], b"abc"[1:])
