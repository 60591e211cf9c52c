# oracle: 3.13
# A generator owns its locals while it is suspended, and nothing after its end.
import sys


class T:
    pass


def gen(x):
    yield x
    y = x
    yield y
    del y
    yield 3


t = T()
base = sys.getrefcount(t)
g = gen(t)
print("made", sys.getrefcount(t) - base)
next(g)
print("first", sys.getrefcount(t) - base)
next(g)
print("second", sys.getrefcount(t) - base)
next(g)
print("third", sys.getrefcount(t) - base)
print(list(g))
print("ended", sys.getrefcount(t) - base)
g = gen(t)
next(g)
g.close()
print("closed", sys.getrefcount(t) - base)
g = gen(t)
next(g)
try:
    g.throw(ValueError)
except ValueError:
    pass
print("thrown", sys.getrefcount(t) - base)
e = (x for x in [t])
print("expression", sys.getrefcount(t) - base)
print(next(e) is t)
del e
print("end", sys.getrefcount(t) - base)
