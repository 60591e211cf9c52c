# oracle: 3.13
# Each list operation that stores, moves or drops an item changes its count by exactly that.
import sys


class T:
    pass


def count(x):
    return sys.getrefcount(x) - 3


t = T()
items = [t]
print("literal", count(t))
items.append(t)
print("append", count(t))
items.extend([t, t])
print("extend", count(t))
items.insert(0, t)
print("insert", count(t))
items *= 2
print("inplace repeat", count(t))
copy = items[:]
print("slice", count(t))
del copy
print("slice gone", count(t))
items[2:5] = []
print("slice delete", count(t))
items.pop()
print("pop dropped", count(t))
kept = items.pop()
print("pop kept", count(t))
del kept
items[0] = None
print("replaced", count(t))
items.reverse()
items.sort(key=lambda item: 0)
print("sorted", count(t))
items.clear()
print("clear", count(t))
