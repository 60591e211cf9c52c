# Making classes with type().
def init(self, v):
    self.v = v


C = type("C", (object,), {"__init__": init, "double": lambda self: self.v * 2, "x": property(lambda self: "prop")})
c = C(21)
print(c.double(), c.x, C.__name__, C.__qualname__, C.__module__, type(C), C.__bases__, C.__doc__)
D = type("D", (C,), {"__doc__": "doc of D", "__slots__": ("s",)})
d = D(1)
d.s = 5
print(d.s, D.__doc__, D.__mro__[1] is C, isinstance(d, C), repr(D))
E = type("E", (int, ), {"__repr__": lambda self: "E!"})
print(E(5), E(5) + 1, [E(1)])
print(type(5), type("a") is str, type(type(5)), type(None).__name__, type(C) is type, type.__call__(C, 3).v)
F = type("Some Name", (), {"1": 2})
print(F.__name__, getattr(F, "1"))
ns = {"a": 1}
G = type("G", (), ns)
ns["a"] = 2
print(G.a)
