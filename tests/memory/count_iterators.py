# oracle: 3.13
# Iterators own what they go over until their end.
import sys

data = [1000, 2000, 3000]
base = sys.getrefcount(data)


def owned():
    return sys.getrefcount(data) - base


it = iter(data)
print("iter", owned())
list(it)
print("exhausted", owned())
r = reversed(data)
print("reversed", owned())
del r
e = enumerate(data)
print("enumerate", owned())
list(e)
print("enumerate at its end", owned())
z = zip(data, data)
print("zip", owned())
del z
m = map(str, data)
print("map", owned())
list(m)
print("map at its end", owned())
f = filter(None, data)
print("filter", owned())
del f
del m, e, it
print("end", owned())
