# Class patterns, __match_args__, builtin classes.
class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y, z=0):
        self.x, self.y, self.z = x, y, z


class Point3(Point):
    pass


def m(v):
    match v:
        case Point(0, 0):
            return "origin"
        case Point3(x=a, z=c):
            return f"3d {a} {c}"
        case Point(x, y=0):
            return f"on x at {x}"
        case Point(x, y) if x == y:
            return f"diagonal {x}"
        case Point():
            return "point"
        case bool(b):
            return f"bool {b}"
        case int(i) | float(i):
            return f"number {i}"
        case str(s):
            return f"str {s}"
        case list([a, *_]):
            return f"list starting {a}"
        case tuple(t):
            return f"tuple {t}"
        case dict(d):
            return f"dict {d}"
        case bytes() | bytearray():
            return "bytes"
        case set(s) | frozenset(s):
            return f"set {s}"
        case type():
            return "a class"
        case _:
            return "other"


for v in [Point(0, 0), Point3(1, 2, 3), Point(4, 0), Point(5, 5), Point(1, 2), True, 7, 2.5, "t", [9, 8], [], (1,), {1: 2}, b"", {1}, frozenset(), int, None]:
    print(m(v))


class NoArgs:
    pass


class BadArgs:
    __match_args__ = ["x"]


class NotStr:
    __match_args__ = (1,)


class Twice:
    __match_args__ = ("a", "b")
    a = 1


def attempt(f):
    try:
        print(f())
    except TypeError as e:
        print(e)


def t1():
    match NoArgs():
        case NoArgs(1):
            pass


def t2():
    match BadArgs():
        case BadArgs(1):
            pass


def t3():
    match NotStr():
        case NotStr(1):
            pass


def t4():
    match Twice():
        case Twice(1, a=1):
            pass


def t5():
    match 1:
        case int(1, 2):
            pass


def t6():
    thing = 5
    match 1:
        case thing():
            pass


def t7():
    match Twice():
        case Twice(_, _):
            return "all"
        case Twice(a=1):
            return "b is missing"


for t in (t1, t2, t3, t4, t5, t6, t7):
    attempt(t)
