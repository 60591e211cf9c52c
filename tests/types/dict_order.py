# Insertion order through every kind of change.
d = {}
for k in "hello world":
    d[k] = d.get(k, 0) + 1
print(d)
del d["l"]
d["l"] = "again"
d["h"] = "updated"
print(d, list(d)[-1], d.popitem(), list(d.keys()))
d |= {"new": 1, "e": 2}
print(d)
print(dict(sorted(d.items())), dict(reversed(d.items())), {**{"z": 1}, **d}, list(zip(d, range(3))))
e = dict.fromkeys("cab")
e.update(a=1, z=2)
e.setdefault("q", 0)
e.pop("c")
print(e, next(iter(e)), next(reversed(e)), e == {"z": 2, "q": 0, "b": None, "a": 1})
big = {i: None for i in range(50)}
for i in range(0, 50, 3):
    del big[i]
for i in range(0, 50, 6):
    big[i] = 1
print(list(big)[:5], list(big)[-5:])
