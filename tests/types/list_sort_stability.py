# Sorting is stable; reverse keeps equal elements in order.
data = [(i * 7 % 5, i) for i in range(20)]
print(sorted(data, key=lambda t: t[0]))
print(sorted(data, key=lambda t: t[0], reverse=True))
l = [5, 3, 9, 1]
print(l.sort(), l, sorted(l, key=lambda x: -x), sorted("banana"), sorted(["b", "A", "a"]), sorted([True, 0, 2, False]), sorted([(2, "a"), (1, "z"), (1, "b")]))
calls = []
[3, 1, 2].sort(key=lambda v: calls.append(v) or v)
print(calls)


class C:
    def __init__(self, v):
        self.v = v

    def __lt__(self, o):
        if self.v == 13:
            raise ValueError("unlucky")
        return self.v < o.v


x = [C(3), C(1), C(2)]
x.sort()
print([c.v for c in x])
y = [C(2), C(13), C(1)]
try:
    y.sort()
except ValueError as e:
    print(e, len(y))
mixed = [3, 1.5, True, 10 ** 20, -0.5]
print(sorted(mixed), sorted(["é", "z", "a"]), sorted([[2], [1, 5], [1]]), sorted(range(5), key=lambda k: k % 3))
big = [(i * 7919) % 10007 for i in range(5000)]
s = sorted(big)
print(all(a <= b for a, b in zip(s, s[1:])), s[:4], s[-3:], sorted(big, reverse=True) == s[::-1], sorted(s) == s, sorted(s[::-1]) == s)
