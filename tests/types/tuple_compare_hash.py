# Tuples compare and hash by content.
pairs = [((), ()), ((1,), (1,)), ((1, 2), (1, 3)), ((1,), (1, 2)), ((2,), (1, 5)), ((1, "a"), (1, "b")), ((1.0,), (1,)), ((None,), (None,))]
for a, b in pairs:
    print(a == b, a != b, a < b if None not in a else "-", hash(a) == hash(b))
print({(1, 2): "x", (1.0, 2.0): "y"}, (1, [2]) == (1, [2]), () == [], (1,) == [1], (1, 2).__lt__((1, 3)), (1, 2).__eq__([1, 2]))
try:
    (1, "a") < (1, 2)
except TypeError as e:
    print(e)
try:
    {(1, []): 1}
except TypeError as e:
    print(e)
nan = float("nan")
print((nan,) == (nan,), (nan,) == (float("nan"),), hash((nan,)) == hash((nan,)), hash(((1, 2), 3)) == hash(((1, 2), 3)))
