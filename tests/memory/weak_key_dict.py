# A WeakKeyDictionary and a WeakSet in use.
import weakref


class A:
    pass


d = weakref.WeakKeyDictionary()
a, b = A(), A()
d[a], d[b] = 1, 2
print(len(d), d[a], a in d, sorted(d.values()))
del a
print(len(d), list(d.values()))
try:
    d[1] = 2
except TypeError as e:
    print(e)
s = weakref.WeakSet([b])
c = A()
s.add(c)
print(len(s), b in s, s == {b, c}, s & {b} == {b}, s - {b} == {c}, s.isdisjoint([A()]))
del c
print(len(s), s.pop() is b, len(s))
