# oracle: 3.13
# Names of a module own, whatever way they are bound.
import sys


class T:
    pass


t = T()
base = sys.getrefcount(t)
globals()["other"] = t
print(sys.getrefcount(t) - base)
del other
print(sys.getrefcount(t) - base)


def bind():
    global another
    another = t


bind()
print(sys.getrefcount(t) - base)
exec("third = t")
print(sys.getrefcount(t) - base)
space = {"t": t}
exec("u = t", space)
print(sys.getrefcount(t) - base)
space.clear()
del another, third
print(sys.getrefcount(t) - base)
if (walrus := t):
    print("walrus", sys.getrefcount(t) - base)
