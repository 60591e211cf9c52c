# sum, min, max: starts, keys, defaults, ties.
print(sum([]), sum([], 10), sum([1, 2], start=3), sum([[1], [2, 3]], []), sum((0.1,) * 3), sum(x for x in range(5)), sum([True, False, True]), sum([1, 2.5, 3j]))
print(min(3, 1, 2), max(3, 1, 2), min([5]), max("abc"), min("b", "a", key=ord), max([1, -5, 3], key=abs), min([], default=None), max((), default=0), max([[1, 2], [3]], key=len))
class T:
    def __init__(self, k, n): self.k, self.n = k, n
    def __lt__(self, o): return self.k < o.k
    def __gt__(self, o): return self.k > o.k
print(min(T(1, "a"), T(1, "b")).n, max(T(1, "a"), T(1, "b")).n, max([T(1, "a"), T(2, "b"), T(2, "c")]).n)
for f in (lambda: sum(["a", "b"]), lambda: sum([1], "a"), lambda: sum(["a"], start=""), lambda: min(), lambda: max([]), lambda: max(1, 2, default=0), lambda: min([1], key=1), lambda: min(None), lambda: max([1, "a"])):
    try:
        print(f())
    except (TypeError, ValueError) as e:
        print(e)
