# oracle: 3.13
# Patterns bind, and leave nothing behind.
import sys


class P:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


class T:
    pass


t = T()
base = sys.getrefcount(t)


def look(subject):
    match subject:
        case [x, *rest]:
            return sys.getrefcount(t) - base, "sequence"
        case {"k": x, **rest}:
            return sys.getrefcount(t) - base, "mapping"
        case P(x, y=z):
            return sys.getrefcount(t) - base, "class"
        case _:
            return sys.getrefcount(t) - base, "other"


print(look([t, t]))
print(look({"k": t, "l": t}))
print(look(P(t, t)))
print(look(t))
print("end", sys.getrefcount(t) - base)
