# WeakValueDictionary, WeakKeyDictionary, WeakSet.
import weakref


class O:
    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return f"O{self.n}"


values = weakref.WeakValueDictionary()
a, b = O(1), O(2)
values["a"], values["b"] = a, b
print(sorted(values), len(values), values["a"], "b" in values)
del a
print(sorted(values), len(values), values.get("a", "gone"))
keys = weakref.WeakKeyDictionary()
k = O(3)
keys[k] = "three"
keys[b] = "two"
print(len(keys), keys[k])
del k
print(len(keys), list(keys))
s = weakref.WeakSet()
c = O(4)
s.add(c)
s.add(b)
print(len(s), c in s)
del c
print(len(s))
values.clear()
values["x"] = O("temp")
print(len(values))
for name, obj in list(values.items()):
    print(name)
fin = weakref.finalize(b, print, "finalize called with", 1)
print(fin.alive)
del b, keys, s
print(fin.alive)
