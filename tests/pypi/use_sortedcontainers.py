"""sortedcontainers: lists, dicts and sets that stay sorted, against plain ones."""

import random

from sortedcontainers import SortedDict, SortedKeyList, SortedList, SortedSet

random.seed(5)
items = [random.randrange(1000) for _ in range(3000)]
s = SortedList(items)
print(list(s) == sorted(items), s[0], s[-1], s.bisect_left(500), s.bisect_right(500), s.count(s[10]), len(s))
for x in items[:2500]:
    s.remove(x)
s._check()
print(len(s), list(s.irange(100, 140)), s.pop(), s.pop(0), s.index(s[7]))
k = SortedKeyList(["bb", "a", "dddd", "ccc"], key=len)
k.add("eeeee")
print(k, k.bisect_key_left(3), list(k.irange_key(2, 4)))
d = SortedDict({"b": 2, "a": 1, "c": 3})
d["aa"] = 9
print(d, d.peekitem(0), d.keys()[1:3], d.popitem(), d.setdefault("z", 0), list(d.irange("aa")))
e = SortedSet("hello world")
print(e, e[2], e & set("lo"), e - set("l"), e.isdisjoint("xyz"), repr(e.union("xyz")))
try:
    s.discard("x")
except TypeError as error:
    print(error)
