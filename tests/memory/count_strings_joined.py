# oracle: 3.13
# Formatting and joining give back what they use.
import sys


class T:
    def __str__(self):
        return "t"

    __repr__ = __format__ = lambda self, *a: "t"


t = T()
base = sys.getrefcount(t)


def left():
    return sys.getrefcount(t) - base


print(f"{t} {t!r} {t:x}", left())
print("{} {a}".format(t, a=t), left())
print("%s %r" % (t, t), left())
print(str([t, t]), left())
try:
    "".join([t])
except TypeError:
    pass
print(left())
try:
    "%d" % t
except TypeError:
    pass
print(left())
