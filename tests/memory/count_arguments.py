# oracle: 3.13
# What a call holds of its arguments while it runs, and that it gives all of it up.
import sys


class T:
    pass


t = T()


def plain(x):
    return sys.getrefcount(x)


def default(x=None):
    return sys.getrefcount(x)


def star(*args):
    return sys.getrefcount(args[0])


def double(**kwargs):
    return sys.getrefcount(kwargs["x"])


def deep(x, n):
    return deep(x, n - 1) if n else sys.getrefcount(x)


print("plain", plain(t), plain(x=t))
print("default", default(t))
print("star", star(t), star(t, t))
print("double", double(x=t))
print("unpacked", plain(*[t]), plain(**{"x": t}))
print("deep", [deep(t, n) for n in range(5)])
print("end", sys.getrefcount(t))


def raising(x):
    raise ValueError


for _ in range(3):
    try:
        raising(t)
    except ValueError:
        pass
print("after exceptions", sys.getrefcount(t))
