# oracle: 3.13
# Counts inside functions: every argument and local is an owner.
import sys


def one(x):
    return sys.getrefcount(x)


def two(x):
    y = x
    return sys.getrefcount(x)


def local():
    v = []
    return sys.getrefcount(v)


def star(*args):
    return sys.getrefcount(args[0])


def kw(**k):
    return sys.getrefcount(k["a"])


def nested(x):
    def inner():
        return sys.getrefcount(x)
    return inner()


a = []
print(sys.getrefcount(a), one(a), two(a), local(), star(a), kw(a=a), nested(a))
print(sys.getrefcount([]), one([]), sys.getrefcount(object()))


class C:
    def m(self):
        return sys.getrefcount(self)


c = C()
print(c.m(), C().m(), sys.getrefcount(c))
print([sys.getrefcount(v) for v in [[], []]])
for item in [[1]]:
    print(sys.getrefcount(item))
