# Dicts changed by the keys they compare.
d = {}


class Key:
    def __init__(self, n, action=None):
        self.n, self.action = n, action

    def __hash__(self):
        return 5

    def __eq__(self, other):
        if self.action:
            act, self.action = self.action, None
            act()
        return self.n == other.n if isinstance(other, Key) else NotImplemented

    def __repr__(self):
        return f"K{self.n}"


d[Key(1)] = "one"
d[Key(2, d.clear)] = "two"
print(d)
d.clear()
d[Key(1)] = 1
k = Key(1, lambda: d.update({Key(8): 8, Key(9): 9}))
print(d.get(k), d)
try:
    for key in d:
        d.pop(key)
except RuntimeError as e:
    print(e)
e = {i: i for i in range(5)}
try:
    for key in e:
        e[key + 100] = 0
except RuntimeError as err:
    print(err, len(e))
f = {i: i for i in range(3)}
seen = []
try:
    for key in f:
        seen.append(key)
        del f[key]
        f[key + 10] = 1
except RuntimeError as err:
    print(err, seen)
g = {1: 1, 2: 2, 3: 3}
for key in list(g):
    if key != 2:
        del g[key]
print(g)


class Raises:
    def __hash__(self):
        return 5

    def __eq__(self, o):
        raise ValueError("compare")


d.clear()
d[Key(1)] = 1
for f in (lambda: d[Raises()], lambda: Raises() in d, lambda: d.setdefault(Raises(), 1), lambda: d.pop(Raises()), lambda: d == {Raises(): 1}):
    try:
        print(f())
    except ValueError as err:
        print(err)
h = {"a": 1}
h["a"] = h
h.update(h)
print(h, len(h))
