# oracle: 3.13
# Counts of keys and values through every way into and out of a dict.
import sys


class K:
    pass


def count(x):
    return sys.getrefcount(x) - 3


k, v = K(), K()
d = {k: v}
print("literal", count(k), count(v))
d[k] = v
print("same again", count(k), count(v))
d.update({1: v, 2: v})
print("update", count(k), count(v))
d.setdefault(3, v)
d.setdefault(k, v)
print("setdefault", count(k), count(v))
copy = dict(d)
print("copy", count(k), count(v))
merged = d | copy
print("merged", count(k), count(v))
del merged, copy
print("gone", count(k), count(v))
d.pop(1)
print("pop", count(k), count(v))
d.popitem()
print("popitem", count(k), count(v))
keys, values, items = list(d.keys()), list(d.values()), list(d.items())
print("views listed", count(k), count(v))
del keys, values, items
d[k] = None
print("value replaced", count(k), count(v))
del d[k]
print("key gone", count(k), count(v))
made = dict.fromkeys([k], v)
print("fromkeys", count(k), count(v))
comprehension = {k: v for _ in range(3)}
print("comprehension", count(k), count(v))
