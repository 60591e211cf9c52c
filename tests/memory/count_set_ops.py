# oracle: 3.13
# Counts of the elements of sets.
import sys


class E:
    pass


def count(x):
    return sys.getrefcount(x) - 3


e = E()
s = {e}
print("literal", count(e))
s.add(e)
print("add again", count(e))
f = frozenset(s)
print("frozenset", count(e))
u = s | f
print("union", count(e))
i = s & f
print("intersection", count(e))
x = s ^ f
print("difference is empty", count(e), x)
del u, i, f
print("gone", count(e))
s.discard(e)
print("discard", count(e))
s.update([e, e, e])
print("update", count(e))
got = s.pop()
print("pop", count(e), got is e)
del got
print("end", count(e))
