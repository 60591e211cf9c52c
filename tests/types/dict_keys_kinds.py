# Keys of all kinds; equal keys are one key.
d = {1: "int", "1": "str", b"1": "bytes", (1,): "tuple", None: "none", 1.5: "float", frozenset([1]): "frozenset", int: "type", ...: "ellipsis", 2 + 0j: "complex"}
print(len(d), d[1.0], d[True], d[2], d[frozenset({1})], d[(1,)], d[int], d[...])
d[True] = "bool"
print(d[1], list(d)[0])


class K:
    def __init__(self, v):
        self.v = v

    def __hash__(self):
        return hash(self.v)

    def __eq__(self, o):
        return self.v == (o.v if isinstance(o, K) else o)


d[K("x")] = 1
print(d["x"], K("x") in d, "x" in d, d.get(K("1")))
del d["x"]
print(K("x") in d)
bad = {}
for k in ([], {}, set(), bytearray(), [1].__class__([2])):
    try:
        bad[k] = 1
    except TypeError as e:
        print(e)
print(bad, {0: "a", 0.0: "b", False: "c", -0.0: "d"}, {"a": 1, "A": 2})
