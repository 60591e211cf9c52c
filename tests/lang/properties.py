# property in all its forms.
class T:
    def __init__(self, c):
        self._c = c

    @property
    def c(self):
        "Degrees."
        return self._c

    @c.setter
    def c(self, v):
        if v < -273:
            raise ValueError("too cold")
        self._c = v

    @c.deleter
    def c(self):
        print("deleting")
        del self._c

    @property
    def f(self):
        return self._c * 9 / 5 + 32

    w = property(None, lambda self, v: print("write", v))
    p = property(doc="only doc")


t = T(100)
print(t.c, t.f)
t.c = 0
print(t.f)
t.w = 3
for action in (
    lambda: setattr(t, "c", -300), lambda: setattr(t, "f", 1), lambda: t.w, lambda: delattr(t, "f"), lambda: t.p,
):
    try:
        action()
    except (AttributeError, ValueError) as e:
        print(type(e).__name__, e)
del t.c
try:
    t.c
except AttributeError as e:
    print(e)
print(T.c.__doc__, T.p.__doc__, T.c.fget.__name__, T.f.fset, T.c.__name__)


class Sub(T):
    @T.c.getter
    def c(self):
        return "sub " + str(self._c)


s = Sub(5)
print(s.c)
s.c = 6
print(s.c, T.c.fget(s))


class P2(property):
    pass


class U:
    @P2
    def x(self):
        "doc x"
        return 1


print(U().x, U.x.__doc__, isinstance(U.x, property), U.x.__isabstractmethod__)
try:
    class V:
        x = property(lambda s: s.missing)
    V().x
except AttributeError as e:
    print(e)


class Cls:
    items = []

    @classmethod
    def make(cls):
        return cls.__name__

    @staticmethod
    def plain(x):
        return x


print(Cls.make(), Cls().make(), Cls.plain(1), Cls().plain(2))
print(Cls.__dict__["make"].__func__.__name__, Cls.__dict__["plain"](3), Cls.__dict__["plain"].__wrapped__.__name__)
