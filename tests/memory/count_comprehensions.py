# oracle: 3.13
# Comprehensions hold their results and nothing else afterwards.
import sys


class T:
    pass


t = T()
base = sys.getrefcount(t)
a = [t for _ in range(5)]
print(sys.getrefcount(t) - base)
b = {i: t for i in range(5)}
print(sys.getrefcount(t) - base)
c = {t for _ in range(5)}
print(sys.getrefcount(t) - base)
d = [x for x in a if x is not t]
print(sys.getrefcount(t) - base)
nested = [[x for x in a] for _ in range(2)]
print(sys.getrefcount(t) - base)
f = [lambda: t for _ in range(3)]
print(sys.getrefcount(t) - base)
a.clear(), b.clear(), c.clear(), nested.clear()
print(sys.getrefcount(t) - base)
