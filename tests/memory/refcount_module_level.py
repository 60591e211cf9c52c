# Counts at module level.
import sys

a = object()
print(sys.getrefcount(a))
b = a
print(sys.getrefcount(a))
c = [a, a]
print(sys.getrefcount(a))
d = {"x": a}
print(sys.getrefcount(a))
del b
print(sys.getrefcount(a))
c.pop()
print(sys.getrefcount(a))
c.clear()
print(sys.getrefcount(a))
d.popitem()
print(sys.getrefcount(a))


def closure():
    return a


def capture(x):
    def inner():
        return x
    return inner


f = capture(a)
print(sys.getrefcount(a))
f = None
print(sys.getrefcount(a))
try:
    raise ValueError(a)
except ValueError as e:
    print(sys.getrefcount(a))
print(sys.getrefcount(a))
t = (a,) * 3
print(sys.getrefcount(a))
x, y, z = t
print(sys.getrefcount(a))
del t, x, y, z
print(sys.getrefcount(a))
