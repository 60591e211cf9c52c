# oracle: 3.13
# Sorting, min, max, sum and friends leave counts as they were.
import functools
import heapq
import sys


class T:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return self.n < other.n


t = T(5)
items = [T(3), t, T(9), T(1)]
base = sys.getrefcount(t)


def left():
    return sys.getrefcount(t) - base


items.sort()
print(left())
items.sort(key=lambda x: -x.n, reverse=True)
print(left())
sorted(items), min(items), max(items, key=lambda x: x.n)
print(left())
best = min(items, key=lambda x: abs(x.n - 5))
print(best is t, left())
del best
heapq.heapify(items)
heapq.heappush(items, heapq.heappop(items))
print(left())
functools.reduce(lambda a, b: a, items)
print(left())
try:
    sorted([t, 1])
except TypeError as e:
    print(type(e).__name__)
print(left())
any(x is t for x in items), all(x is not t for x in items)
print(left())
