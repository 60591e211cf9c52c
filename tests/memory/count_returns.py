# oracle: 3.13
# Returned values are handed over, not copied.
import sys


class T:
    pass


def make():
    t = T()
    return t


def through(x):
    return x


def several(x):
    return x, x


def finally_returns(x):
    try:
        return x
    finally:
        sys.getrefcount(x)


t = make()
print(sys.getrefcount(t))
u = through(t)
print(sys.getrefcount(t), u is t)
del u
p = several(t)
print(sys.getrefcount(t))
del p
print(sys.getrefcount(finally_returns(t)))
print(sys.getrefcount(make()))
print(sys.getrefcount(t))
