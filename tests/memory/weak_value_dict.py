# A WeakValueDictionary in use.
import weakref


class A:
    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return f"A{self.n}"


d = weakref.WeakValueDictionary()
a, b, c = A(1), A(2), A(3)
d.update({"a": a, "b": b, "c": c})
print(sorted(d.items()), len(d))
del b
print(sorted(d), "b" in d, d.get("b"))
it = iter(d.items())
first = next(it)
del c
print(len(list(it)) <= 1, len(d) in (1, 2))
print(d.pop("a"), d.setdefault("z", a), sorted(d.keys()))
print([r() for r in d.valuerefs()], d.copy() == d)
del first
a = None
print(len(d))
