# oracle: 3.13
# Unpacking, swapping and starred targets.
import sys


class T:
    pass


def count(x):
    return sys.getrefcount(x) - 3


a, b = T(), T()
print(count(a), count(b))
a, b = b, a
print("swapped", count(a), count(b))
c = d = a
print("chained", count(a))
(c, d), e = (a, b), a
print("nested", count(a), count(b))
first, *middle, last = [a, b, b, a]
print("starred", count(a), count(b), len(middle))
del first, middle, last, c, d, e
print("deleted", count(a), count(b))
for x, y in [(a, b)]:
    print("loop", count(a), count(b))
print("after the loop the names stay", count(a), count(b))
del x, y
print("end", count(a), count(b))
