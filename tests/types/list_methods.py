# list methods.
a = [3, 1, 2]
a.append(5)
a.extend("xy")
a.extend(i for i in range(2))
print(a, a.index(5), a.count(1), a.pop(), a.pop(0), a.pop(-2), a)
a.insert(0, "first")
a.insert(100, "last")
a.insert(-1, "before last")
print(a)
a.remove("x") if "x" in a else None
a.reverse()
print(a, a.copy(), a.copy() is a)
a.clear()
print(a)
n = [5, 2, 8, 1, 9, 3]
n.sort()
print(n)
n.sort(reverse=True)
print(n)
n.sort(key=lambda v: v % 3)
print(n)
print(sorted("bAc", key=str.lower), sorted([3, 1, 2], reverse=True), sorted({"b": 1, "a": 2}), sorted([(1, "b"), (1, "a"), (0, "z")]))
words = ["ccc", "a", "bb", "aa", "b"]
words.sort(key=len)
print(words)
words.sort(key=len, reverse=True)
print(words)
print([1, 2, 3, 2].index(2, 2), [1, 2, 3].index(3, -1), a.sort(), [].copy())
for f in (lambda: [].pop(), lambda: [1].pop(5), lambda: [1].remove(2), lambda: [1].index(2), lambda: [1].index(1, 5), lambda: [1].extend(5), lambda: [1, "a"].sort(), lambda: [1].insert("a", 1), lambda: [1].sort(5), lambda: [1].sort(key=5), lambda: [1].append(), lambda: [1].pop("a"), lambda: [[], 1].sort()):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
big = [(i * 7919) % 1009 for i in range(1000)]
print(sorted(big) == sorted(big, key=lambda v: v), sorted(big)[:5], sorted(big, reverse=True)[:3])


class E:
    def __init__(self, v):
        self.v = v

    def __lt__(self, o):
        return self.v < o.v


print([e.v for e in sorted([E(3), E(1), E(2)])])
