# keys(), values(), items().
d = {"a": 1, "b": 2, "c": 3}
k, v, i = d.keys(), d.values(), d.items()
print(k, v, i, len(k), "a" in k, 2 in v, ("b", 2) in i, ("b", 3) in i, type(k).__name__, type(v).__name__, type(i).__name__)
d["d"] = 4
print(list(k), list(v), list(i), list(reversed(k)), list(reversed(v)), list(reversed(i)))
print(sorted(k & {"a", "x"}), sorted(k | {"x"}), sorted(k - {"a"}), sorted(k ^ {"a", "x"}), sorted(i & {("a", 1)}), sorted(["a", "q"] & k if False else k & ["a", "q"]))
print(k == {"a", "b", "c", "d"}, k == d.keys(), k < {"a", "b", "c", "d", "e"}, k >= {"a"}, k.isdisjoint({"z"}), i == set(i), v == d.values(), k != {"a"}, i.isdisjoint([]))
print(k.mapping["a"], type(k.mapping).__name__)
try:
    k.mapping["a"] = 5
except TypeError as e:
    print(e)
it = iter(k)
next(it)
d["new"] = 1
try:
    next(it)
except RuntimeError as e:
    print(e)
it = iter(d.items())
next(it)
del d["new"]
d["new2"] = 1
try:
    print(next(it))
except RuntimeError as e:
    print(e)
for x, y in d.items():
    d[x] = y * 10
print(d)
for f in (lambda: hash(k), lambda: v & {1}, lambda: k[0], lambda: len(iter(k)), lambda: k & 5, lambda: type(k)()):
    try:
        print(f())
    except TypeError as e:
        print(e)
print({1: 1}.items() - {(1, 1)}, set({}.keys()), {1: []}.items() == {1: []}.items(), [] in [[]], (1, []) in {1: []}.items())
j = iter({1: 1, 2: 2})
print(j.__length_hint__(), next(j), j.__length_hint__(), type(j).__name__, type(iter(v)).__name__, type(iter(i)).__name__, type(reversed(k)).__name__)
