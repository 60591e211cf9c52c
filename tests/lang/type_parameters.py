# Generic functions and classes by PEP 695 and 696.
def first[T](xs: list[T]) -> T:
    return xs[0]


print(first([3, 4]), first.__type_params__, first.__annotations__)


class Box[T, *Ts, **P]:
    def __init__(self, v):
        self.v = v

    def swap[U](self, u: U) -> "Box[U]":
        return Box(u)


print(Box.__type_params__, Box.__name__, [b.__name__ for b in Box.__bases__])
print(Box(1).swap("x").v, Box.swap.__type_params__)


def bounded[T: int, S: (str, bytes)](a: T, b: S):
    return T, S


t, s = bounded(1, "a")
print(t.__bound__, s.__constraints__, t.__constraints__, s.__bound__)


def lazy[T: Missing](x: T):
    return T


param = lazy(0)
try:
    param.__bound__
except NameError as e:
    print(e)


class Default[T = int, U: object = list[T]]:
    pass


a, b = Default.__type_params__
print(a.__default__, b.__default__, a.has_default())
print(type(a).__name__, a.__covariant__, a.__contravariant__, a.__infer_variance__)


def deco(f):
    print("decorating", f.__name__)
    return f


@deco
def gen[T](n: T = "default"):
    def inner():
        return T
    yield inner().__name__
    yield n


print(list(gen()))


class Outer[T]:
    class Inner[S]:
        x = (T, S)

    names = [T.__name__ for _ in range(1)]


print(Outer.Inner.x, Outer.names)
print(Box[int, str, [int]].__class__.__name__ if False else Outer[int].__origin__.__name__, Outer[int].__args__)
