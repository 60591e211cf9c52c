# set: construction, operators, comparison.
print(set(), {1}, set("a"), set([1, 1]), set(()), sorted(set("hello")), sorted({3, 1, 2}), len({1, 1.0, True}), {(), (1,)} == {(1,), ()}, repr(set([1])), str(frozenset([1])), frozenset())
a, b = {1, 2, 3}, {3, 4}
print(a | b, a & b, a - b, a ^ b, a < b, {1} < a, a <= a, a > {1}, a >= b, a == {3, 2, 1}, a != b, 1 in a, 9 not in a, a.isdisjoint({7}), len(a))
c = a
c |= {9}
c &= {1, 9, 3}
c -= {1}
c ^= {3, 5}
print(a, a is c, sorted(a))
for f in (lambda: {[]}, lambda: a | [1], lambda: a < [1], lambda: hash(a), lambda: a[0], lambda: set(5), lambda: {1} + {2}, lambda: [] in a, lambda: set(1, 2), lambda: a & 5, lambda: a.__ior__([1])):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
f = frozenset([1, 2])
print(f | {3}, {3} | f, type(f | {3}).__name__, type({3} | f).__name__, f == {1, 2}, hash(f) == hash(frozenset([2, 1])), {f: "x"}[frozenset({1, 2})], f in {f}, {1, 2} in {f}, frozenset(f) is f, f.copy() is f)
g = f
g |= {7}
print(g, f)
print(sorted(x for x in {i % 3 for i in range(10)}), {*range(3)}, sum({1, 2, 3}), min({5, 2}), any({0}), all({1}), bool(set()), bool({0}))
s = set(range(100))
for i in range(0, 100, 3):
    s.remove(i)
print(len(s), 3 in s, 4 in s, sorted(s)[:4])


class S(set):
    pass


print(S([1]), type(S([1]) | {2}).__name__, type(S([1]).copy()).__name__, S([1]) == {1}, repr(S()))
try:
    for x in s:
        s.discard(x)
except RuntimeError as e:
    print(e)
