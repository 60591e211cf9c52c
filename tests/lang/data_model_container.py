# A full container type by hand.
class Ring:
    def __init__(self, items):
        self.items = list(items)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        if isinstance(i, slice):
            return Ring(self.items[i])
        return self.items[i % len(self.items)]

    def __setitem__(self, i, v):
        self.items[i % len(self.items)] = v

    def __delitem__(self, i):
        del self.items[i % len(self.items)]

    def __contains__(self, x):
        return x in self.items

    def __iter__(self):
        return iter(self.items)

    def __reversed__(self):
        return reversed(self.items)

    def __add__(self, o):
        return Ring(self.items + list(o))

    def __mul__(self, n):
        return Ring(self.items * n)

    __rmul__ = __mul__

    def __iadd__(self, o):
        self.items.extend(o)
        return self

    def __eq__(self, o):
        return isinstance(o, Ring) and self.items == o.items

    def __bool__(self):
        return bool(self.items)

    def __repr__(self):
        return f"Ring({self.items})"


r = Ring("abc")
print(r[0], r[4], r[-1], r[1:], len(r), "b" in r, list(r), list(reversed(r)), r + "d", 2 * r, r * 2)
r[3] = "A"
del r[1]
r += "xy"
print(r, r == Ring(["A", "c", "x", "y"]), r != Ring([]), bool(Ring([])), sorted(r), max(r), [*r], dict(enumerate(r)))
a, *b = r
print(a, b, sum(Ring([1, 2])), any(Ring([0])), list(zip(r, r[1:])), "".join(r), tuple(r), set(r) == {"A", "c", "x", "y"})
