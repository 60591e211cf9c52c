# dict: construction, order, lookup, operators.
print(dict(), dict(a=1), dict([("a", 1), ("b", 2)]), dict({"x": 1}, y=2), dict(zip("ab", range(2))), {1: "a", 1.0: "b", True: "c"}, dict.fromkeys("ab"), dict.fromkeys([1, 2], 0), dict([["k", "v"]]), dict(["ab", "cd"]))
d = {"z": 1, "a": 2, "m": 3}
d["b"] = 4
del d["a"]
d["z"] = 10
d["a"] = 5
print(d, list(d), len(d), "z" in d, 1 in d, d["m"], d == {"a": 5, "b": 4, "m": 3, "z": 10}, d != {})
print({"a": 1} | {"b": 2, "a": 3}, {"x": {"y": 1}}["x"]["y"], {**d, "z": 0}, list(reversed(d)), {None: 1, (): 2, "": 3})
e = {"a": 1}
e |= {"b": 2}
e |= [("c", 3)]
print(e)
for f in (lambda: d["nope"], lambda: {}[1], lambda: {}[(1, 2)], lambda: dict(5), lambda: dict([1]), lambda: dict([(1, 2, 3)]), lambda: dict(["abc"]), lambda: d | [("a", 1)], lambda: hash(d), lambda: d < d, lambda: dict({}, {}), lambda: d.__delitem__("nope"), lambda: {[]: 1}, lambda: dict(**{1: 2}), lambda: dict.fromkeys(5)):
    try:
        print(f())
    except Exception as e2:
        print(type(e2).__name__, e2)


class Missing(dict):
    def __missing__(self, key):
        return f"no {key}"


m = Missing(a=1)
print(m["a"], m["b"], m.get("b"), "b" in m, m, len(m))
r = {}
r["self"] = r
print(r)
big = {i: i * i for i in range(1000)}
for i in range(0, 1000, 2):
    del big[i]
print(len(big), list(big)[:3], big[999], 500 in big, sum(big.values()))
big.clear()
print(big)
k = {1: "int"}
k[1.0] = "float"
k[True] = "bool"
print(k, {0: "a", False: "b"}, {"a": 1, **{"a": 2}})
