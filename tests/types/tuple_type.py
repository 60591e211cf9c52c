# tuple.
print((), (1,), (1, 2), tuple("ab"), tuple([1]), tuple(), tuple({1: 2}), 1, (1), ((),), tuple(i for i in range(3)))
t = (1, 2, 3, 2)
print(t[0], t[-1], t[1:3], t[::-1], t + (4,), t * 2, len(t), 2 in t, t.count(2), t.index(2), t.index(2, 2), t < (1, 3), t == (1, 2, 3, 2), hash(t) == hash((1, 2, 3, 2)), () < (0,), (1, 2) < (1, 2, 0))
for f in (lambda: t[9], lambda: t["a"], lambda: t + [1], lambda: t * "a", lambda: t.index(9), lambda: hash(([],)), lambda: t < [1], lambda: tuple(5), lambda: t.append, lambda: tuple(1, 2), lambda: (1,) < ("a",)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
try:
    t[0] = 1
except TypeError as e:
    print(e)
try:
    del t[0]
except TypeError as e:
    print(e)


class Pt(tuple):
    def __new__(cls, x, y):
        return super().__new__(cls, (x, y))

    @property
    def x(self):
        return self[0]


p = Pt(1, 2)
print(p, p.x, p == (1, 2), type(p + (3,)).__name__, type(p[:]).__name__, hash(p) == hash((1, 2)), p.__class__.__name__)
a = ([],)
a[0].append(a)
print(a)
print(t is t[:], tuple(t) is t, tuple() is tuple(), t * 1 is t, (1, 2) + () == (1, 2))
x, *y = t
print(x, y, (*t, *t)[4], min(t), max(t), sum(t), sorted(t), list(reversed(t)), any(t), all(t))
d = {(1, 2): "a"}
print(d[1, 2], (1, 2) in d, {(): 0}[()], t.__contains__(3), t.__len__(), t.__getitem__(0), t.__mul__(2), t.__eq__(5), (1, 2).__add__((3,)))
