"""What the interpreter does on a short way must come to the same as on the long one."""
import sys


def show(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__, error)


# Classes whose arguments do not lie as `__init__` wants them.
class Point:
    def __init__(self, x, y=2, *rest, scale=1, **others):
        self.values = x, y, rest, scale, others

    def __repr__(self):
        return f"Point{self.values}"


class Below(Point):
    pass


class Wrong:
    def __init__(self, a=1):
        return a


class Generating:
    def __init__(self, a=1):
        yield a


class Raising:
    def __init__(self, a=1, *, b):
        raise ValueError(a, b)

    def __del__(self):
        print("gone")


for _ in range(3):
    show(Point)
    show(Point, 1)
    show(Point, 1, 3, 4, 5, scale=6, colour=7)
    show(Below, y=1, x=2)
    show(lambda: Point(1))
    show(lambda: Point(y=1, x=2))
    show(lambda: Point(*[1, 2, 3], **{"z": 4}))
    show(lambda: Below(*(1,), **{}))
    show(lambda: Point(1, x=2))
    show(lambda: Point(1, **{"x": 2}))
    show(lambda: Wrong())
    show(lambda: Wrong(a=None))
    show(lambda: Generating())
    show(lambda: Raising(b=1))
    show(lambda: Raising(1, 2, 3))
    show(lambda: Raising())


class Deep:
    def __init__(self, n=100000):
        self.below = Deep()


show(Deep)
try:
    Point(1, y=Raising(b=2))
except ValueError as error:
    tb = error.__traceback__
    while tb is not None:
        print(tb.tb_frame.f_code.co_name, tb.tb_lineno)
        tb = tb.tb_next


# Arguments from sequences: what the callee sees, and who still has them.
class Item:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("released", self.name)


def take(*args):
    return [arg.name for arg in args]


def count(*args):
    return len(args)


for _ in range(2):
    print(take(*[Item("a"), Item("b")]))
    print(take(*(Item("c"),)))
    print(count(*iter([Item("d"), Item("e")])))
    print(max(*[3, 1, 2]), max(*(3, 4)), len(*["abc"]), dict(*[[(1, 2)]], **{}))
    show(lambda: len(*[1, 2]))
    show(lambda: len(*(), **{}))
    show(lambda: len(*5))
    show(lambda: print(*[1, 2], **{"sep": "-", "end": "!\n"}))
    show(lambda: print(*[1], **{1: 2}))
    show(lambda: count(**{"a": 1}))


# Attributes that a descriptor computes, of instances, classes and classes of classes.
class Meta(type):
    @property
    def answer(cls):
        return cls.__name__


class Thing(metaclass=Meta):
    kind = "class"

    @property
    def half(self):
        return 0.5


def look(thing, cls):
    return thing.__class__.__name__, thing.__dict__, cls.__name__, cls.answer, cls.__dict__["kind"], cls.__mro__[-1].__name__


thing = Thing()
for i in range(4):
    print(look(thing, Thing))
    if i == 1:
        Thing.__name__ = "Renamed"
        thing.own = 1
    if i == 2:
        Meta.answer = 5
other = Thing()
other.__dict__["x"] = "dict"
Thing.x = "class"
for _ in range(3):
    print(other.x, thing.x, other.kind, other.half)
    other.__dict__["kind"] = "own"
    thing.x = "inline"
del other.x
print(other.x)
show(lambda: other.half.nothing)
show(lambda: other.nothing)


class Hooked:
    def __getattr__(self, name):
        return "hook " + name

    @property
    def failing(self):
        raise AttributeError("inner")


hooked = Hooked()
for _ in range(3):
    print(hooked.failing, hooked.missing, hooked.__class__.__name__)
    hooked.__dict__["set"] = 1


# Imports of what is there.
def imports():
    import os
    import os.path
    from os import path
    from os.path import join as j
    import collections.abc as c
    return os.path is path, j("a", "b"), c.Sized.__name__


print(imports(), imports())


def missing():
    from os import nothing_of_that_name


try:
    missing()
except ImportError as error:
    print(type(error).__name__, error.name, error.name_from)
sys.modules["none_here"] = None
show(lambda: __import__("none_here"))
builtin = __import__
import builtins
builtins.__import__ = lambda name, *rest: ("imported", name, rest[-2:])


def imports_by_hook():
    import os as module
    return module


print(imports_by_hook())
builtins.__import__ = builtin
print(getattr(sys, "nothing", "default"), hasattr(sys, "nothing"))
show(lambda: sys.nothing)

# Displays of dicts with dicts in them.
a = {1: 2, "x": 3}
del a[1]
a[4] = 5
print({**a}, {**a, "y": 1}, {"y": 0, **a}, {**{}}, {**a} is a)
b = {**a}
b["new"] = 1
print(a, b)

# Sorting by keys.
words = ["pear", "fig", "apple", "kiwi", "nut", "\u0416", "date", "plum", "lime", "yam"]
print(sorted(words, key=len), sorted(words, key=len, reverse=True), sorted(words, key=str.upper))
print(sorted([3, 1, 2], key=lambda v: -v), sorted([0.5, float("nan"), 0.1], key=lambda v: v)[1:2])
print(sorted([True, 1, 0, False]), sorted([1, 2, 3], key=lambda v: v % 2 == 0), sorted([], key=len))
show(lambda: sorted([1, "a"], key=lambda v: v))
show(lambda: sorted([1, 2], key=lambda v: 1 // (v - 2)))
show(lambda: sorted([1], keys=1))
show(lambda: sorted())
