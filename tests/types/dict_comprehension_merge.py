# Building and merging dicts.
print({k: v for k, v in [("a", 1), ("b", 2), ("a", 3)]}, {i: i * i for i in range(4) if i != 2}, {str(i): [i] * i for i in range(3)})
a, b = {"x": 1, "y": 2}, {"y": 3, "z": 4}
print(a | b, b | a, {**a, **b, "w": 0}, dict(a, **b), dict(list(a.items()) + list(b.items())), a, b)
c = a.copy()
c |= b
c.update(q=1)
print(c, a)
inv = {v: k for k, v in a.items()}
groups = {}
for w in "the quick brown fox jumps over the lazy dog".split():
    groups.setdefault(len(w), []).append(w)
print(inv, groups, {k: len(v) for k, v in groups.items()}, max(groups, key=lambda k: len(groups[k])))
for f in (lambda: a | 5, lambda: a | [("k", 1)], lambda: 5 | a, lambda: a.__ior__([("k", 1)]), lambda: dict([(1, 2, 3)])):
    try:
        print(f())
    except (TypeError, ValueError) as e:
        print(e)
