# Lists changed while something looks at them.
a = [1, 2, 3]


class Killer:
    def __init__(self, lst, v):
        self.lst, self.v = lst, v

    def __eq__(self, other):
        self.lst.clear()
        return False


a[:] = [Killer(a, 1), 2, 3]
print(a.count(5), a)
a[:] = [Killer(a, 1), 2, 3]
try:
    a.index(7)
except ValueError as e:
    print(e)
a[:] = [Killer(a, 1), 2]
print(5 in a, a)
a[:] = [Killer(a, 0), 1]
try:
    a.remove(9)
except ValueError as e:
    print(e)
b = [3, 2, 1]


def key(v):
    b.append(v)
    return v


try:
    b.sort(key=key)
except ValueError as e:
    print(e, b)
c = [1, 2, 3]
c.extend(c)
print(c)
c[1:1] = c
print(c)
c[::2] = c[:6]
print(c)
d = [1, 2, 3, 4]
it = iter(d)
next(it)
d.pop()
d.pop()
print(list(it), it.__length_hint__())
r = reversed(d)
d.clear()
print(list(r))
e = [0, 1, 2]
for x in e:
    if x < 6:
        e.append(x + 3)
print(e)
f = [1, 2]
f[0], f[1:] = f, []
print(len(f), f[0] is f)


class Evil(list):
    def __iter__(self):
        return iter("evil")


print([*Evil([1])], list(Evil([1])), [0] + Evil([1]), len(Evil([1])))
g = [5, 4]
g[len(g):] = [3]
g[:0] = [6]
g[1:-1] = []
print(g)
del g[5:], g[::-1]
print(g)
