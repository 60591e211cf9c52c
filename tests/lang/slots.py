# __slots__ with and without __dict__ and __weakref__.
class P:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


p = P(1, 2)
print(p.x, p.y, hasattr(p, "__dict__"), P.__slots__)
try:
    p.z = 3
except AttributeError as e:
    print(e)
del p.x
try:
    p.x
except AttributeError as e:
    print(e)
try:
    del p.x
except AttributeError as e:
    print(e)
print(type(P.x).__name__, P.x.__get__(P(5, 6)), P.x)


class Q(P):
    __slots__ = "z"


q = Q(1, 2)
q.z = 3
print(q.x, q.z, hasattr(q, "__dict__"))


class R(P):
    pass


r = R(1, 2)
r.any = 1
print(r.__dict__, r.x)


class WithDict:
    __slots__ = ("a", "__dict__")


w = WithDict()
w.a = 1
w.b = 2
print(w.__dict__)


class Private:
    __slots__ = ("__secret",)

    def __init__(self):
        self.__secret = 1


print([n for n in Private.__dict__ if "secret" in n], Private()._Private__secret)


def attempt(f):
    try:
        f()
    except (TypeError, ValueError, AttributeError) as e:
        print(type(e).__name__, e)


attempt(lambda: type("X", (), {"__slots__": ("a",), "a": 1}))
attempt(lambda: type("X", (), {"__slots__": ("1a",)}))
attempt(lambda: type("X", (), {"__slots__": (1,)}))
attempt(lambda: type("X", (int,), {"__slots__": ("a",)}))
attempt(lambda: type("X", (tuple,), {"__slots__": ("a",)}))
attempt(lambda: type("X", (WithDict,), {"__slots__": ("__dict__",)}))


class A1:
    __slots__ = ("a",)


class B1:
    __slots__ = ("b",)


attempt(lambda: type("X", (A1, B1), {}))


class Doc:
    __slots__ = {"f": "documentation of f"}


print(Doc.f.__doc__, Doc.__slots__)


class Empty:
    __slots__ = ()


attempt(lambda: setattr(Empty(), "x", 1))
attempt(lambda: setattr(object(), "x", 1))
import _weakref
attempt(lambda: _weakref.ref(p))


class W:
    __slots__ = ("__weakref__",)


o = W()
print(_weakref.ref(o)() is o)
