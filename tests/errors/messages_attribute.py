# AttributeError texts for every kind of object.
import sys


class A:
    __slots__ = ("s",)


class B:
    @property
    def ro(self): return 1


def f(): pass


for act in [lambda: (1).x, lambda: "s".x, lambda: [].x, lambda: None.x, lambda: A.x, lambda: A().x, lambda: A().s, lambda: f.x, lambda: sys.x_nope, lambda: int.x, lambda: type.x, lambda: (lambda: 0).x, lambda: f.__code__.x, lambda: B().nope, lambda: len.x, lambda: (i for i in ()).x, lambda: super(B, B()).x, lambda: ValueError().x, lambda: range(1).x, lambda: property().x]:
    try:
        act()
    except AttributeError as e:
        print(e, "|", e.name)
for act in [lambda: setattr(1, "x", 1), lambda: setattr("s", "x", 1), lambda: setattr(int, "x", 1), lambda: setattr(A(), "x", 1), lambda: setattr(B(), "ro", 1), lambda: delattr(B(), "ro"), lambda: delattr(A(), "s"), lambda: delattr(B(), "x"), lambda: setattr(len, "x", 1), lambda: delattr(1, "real"), lambda: setattr(f, "__code__", 1), lambda: setattr(B, "__class__", 5), lambda: setattr(None, "x", 1), lambda: delattr(B, "x"), lambda: setattr(1, "real", 2), lambda: setattr((i for i in ()), "gi_code", 1)]:
    try:
        act()
    except (AttributeError, TypeError) as e:
        print(type(e).__name__, e)
