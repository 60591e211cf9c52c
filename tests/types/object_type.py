# object and type themselves.
o = object()
print(type(o), object.__bases__, object.__mro__, type.__bases__, type(type), isinstance(object, type), isinstance(type, object), issubclass(type, object))
print(sorted(dir(object)))
for f in (lambda: object(1), lambda: setattr(o, "x", 1), lambda: o.x, lambda: object.__new__(int), lambda: object.__new__(), lambda: object.__init__(o, 1), lambda: type(), lambda: type(1, 2), lambda: type("A", 5, {}), lambda: type("A", (), 5), lambda: type(5, (), {}), lambda: type("A", (1,), {}), lambda: int.__new__(str), lambda: object.__new__(5), lambda: type.__new__(type), lambda: type("A\0", (), {})):
    try:
        print(f())
    except (TypeError, AttributeError, ValueError) as e:
        print(type(e).__name__, e)


class A:
    def __new__(cls, *a):
        self = super().__new__(cls)
        return self


print(type(A(1, 2)).__name__)
try:
    A.__new__(A, 1).x
except AttributeError as e:
    print(e)


class B:
    def __init__(self, v):
        self.v = v


class C(B):
    def __new__(cls, v):
        return 5 if v is None else super().__new__(cls)


print(C(None), C(3).v)
try:
    B()
except TypeError as e:
    print(e)


class R:
    def __init__(self):
        return 5


try:
    R()
except TypeError as e:
    print(e)
print(A.__name__, A.__qualname__, A.__module__, A.__dict__.__class__.__name__, A.__basicsize__ > 0, A.__doc__, A.__firstlineno__, A.__static_attributes__, B.__static_attributes__)
A.__name__ = "Renamed"
A.__qualname__ = "Q.Renamed"
print(A, A.__name__, repr(A))
for f in (lambda: setattr(A, "__name__", 5), lambda: setattr(int, "x", 1), lambda: delattr(A, "__name__"), lambda: setattr(A, "__dict__", {}), lambda: delattr(A, "nope"), lambda: A.__dict__.__setitem__("a", 1)):
    try:
        f()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)


class X:
    pass


class Y:
    pass


x = X()
x.__class__ = Y
print(type(x).__name__, isinstance(x, Y))
for bad in (int, 5):
    try:
        x.__class__ = bad
    except TypeError as e:
        print(e)
print(o.__eq__(o), o.__eq__(1), o.__ne__(o), o.__hash__() == hash(o), o.__sizeof__() > 0, o.__format__("") == str(o), o.__dir__()[:0], o.__init_subclass__(), type(o.__repr__()).__name__)
try:
    format(o, "x")
except TypeError as e:
    print(e)
