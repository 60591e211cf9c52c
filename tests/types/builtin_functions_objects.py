# callable, isinstance, getattr, vars, dir, id, hash, repr, ascii, format, type.
class A:
    x = 1

    def m(self):
        pass


class B(A):
    def __call__(self):
        pass


a, b = A(), B()
print(callable(a), callable(b), callable(A), callable(len), callable(a.m), callable(5), callable(lambda: 0))
print(isinstance(b, A), isinstance(b, (int, A)), isinstance(1, (str, (int, float))), issubclass(B, A), issubclass(A, B), issubclass(bool, (int, str)), isinstance(1, int | str), isinstance(A, type), isinstance(True, int), isinstance(1, ()))
print(getattr(a, "x"), getattr(a, "y", 9), hasattr(a, "m"), hasattr(a, "z"), setattr(a, "y", 2), a.y, delattr(a, "y"), hasattr(a, "y"))
a.p, a.q = 1, 2
print(vars(a), vars(a) is a.__dict__, [n for n in dir(a) if not n.startswith("__")], [n for n in dir(B) if not n.startswith("_")], sorted(dir([]))[-3:])


def local():
    z = 1
    w = 2
    return vars() == locals(), sorted(dir()), sorted(locals())


print(local())
print(id(a) == id(a), id(a) != id(b), hash("a") == hash("a"), repr("a"), ascii("é"), format(3.14159, ".2f"), format("x", ">3"), format(5), type(5), type(a) is A, type("T", (), {"v": 1})().v)
print(iter([]).__class__.__name__, next(iter("a")), len("abc"), len({1: 1}), any([0, 1]), all([]), bool([]), sorted([2, 1]), list(reversed([1, 2])))
for f in (lambda: isinstance(1, 5), lambda: issubclass(1, int), lambda: issubclass(int, 5), lambda: isinstance(1, (int, 5)), lambda: isinstance("a", (int, 5)), lambda: vars(5), lambda: getattr(a, 5), lambda: getattr(a, "nope"), lambda: setattr(a, 5, 1), lambda: len(5), lambda: iter(5), lambda: next(5), lambda: hasattr(a, 5), lambda: callable(), lambda: dir(1, 2), lambda: format(1, 2), lambda: vars(len) if False else vars(object()), lambda: id(), lambda: sorted(5), lambda: sorted([1], [2]), lambda: any(5), lambda: all(None), lambda: hash()):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class Meta(type):
    def __instancecheck__(cls, o):
        return o == 42

    def __subclasscheck__(cls, c):
        return c is str


class M(metaclass=Meta):
    pass


print(isinstance(42, M), isinstance(41, M), issubclass(str, M), issubclass(int, M), isinstance(M(), M))


class Fake:
    @property
    def __class__(self):
        return int


print(isinstance(Fake(), int), type(Fake()).__name__, Fake().__class__)
