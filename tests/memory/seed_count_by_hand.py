# A count follows the names: bind, bind again, delete.
import sys

a = [1, 2, 3]
print(sys.getrefcount(a))
b = a
print(sys.getrefcount(a))
c = a
print(sys.getrefcount(a))
del b
print(sys.getrefcount(a))
del c
print(sys.getrefcount(a))
holder = {"key": a, "pair": (a, a)}
print(sys.getrefcount(a))
holder.clear()
print(sys.getrefcount(a))
