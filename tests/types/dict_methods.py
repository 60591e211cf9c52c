# dict methods.
d = {"a": 1, "b": 2}
print(d.get("a"), d.get("x"), d.get("x", 0), d.setdefault("a", 9), d.setdefault("c", 3), d.setdefault("n"), d)
print(d.pop("a"), d.pop("zz", "default"), d.popitem(), d.popitem(), d)
d.update({"x": 1}, y=2)
d.update([("z", 3)])
d.update(w=4)
d.update()
print(d, d.copy(), d.copy() is d)


class K:
    def keys(self):
        return iter("pq")

    def __getitem__(self, k):
        return k.upper()


d.update(K())
print(d, dict(K()))
for f in (lambda: d.pop("nope"), lambda: {}.popitem(), lambda: d.update(5), lambda: d.update([1]), lambda: d.update([(1,)]), lambda: d.get(), lambda: d.get([]), lambda: d.setdefault([]), lambda: d.update(1, 2), lambda: d.pop(), lambda: d.fromkeys()):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
d.clear()
print(d, bool(d))


class D(dict):
    pass


print(type(D.fromkeys("a")).__name__, type(D(a=1).copy()).__name__, type(D() | {}).__name__, D(a=1) == {"a": 1}, D([(1, 2)]))


class Order:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 1

    def __eq__(self, o):
        return self.n == o.n

    def __repr__(self):
        return f"O{self.n}"


c = {Order(i): i for i in range(5)}
del c[Order(2)]
c[Order(9)] = 9
c[Order(0)] = "zero"
print(c, c[Order(4)], Order(2) in c)
print({"a": 1}.__contains__("a"), {"a": 1}.__getitem__("a"), {}.__len__(), {1: 2}.__or__({3: 4}), {1: 2}.__or__(5), {1: 2}.__eq__(5), {1: 2}.__ror__({0: 0}))
