# Operators and methods agree.
a, b = {1, 2, 3, 4}, {3, 4, 5}
print(a | b == a.union(b), a & b == a.intersection(b), a - b == a.difference(b), a ^ b == a.symmetric_difference(b))
print(sorted(a | b), sorted(a & b), sorted(a - b), sorted(b - a), sorted(a ^ b), a <= b, {3} <= a & b, a.isdisjoint({9}))
for x in (set(), frozenset()):
    for y in ({1}, frozenset([1])):
        print(type(x | y).__name__, type(y & x).__name__, type(x - y).__name__, type(y ^ x).__name__, x <= y, y > x)
c = {1, 2}
c.update({3}, [4], "a")
c.intersection_update({1, 2, 3, "a"})
c.difference_update([1])
c.symmetric_difference_update({2, 9})
print(sorted(c, key=str))
print({1, 2} == frozenset([1, 2]), {1, 2} < {1, 2, 3}, {1} < {2}, {1} > {2}, {(1, 2)} == {(1, 2)}, set("abc") >= set("ab"))
