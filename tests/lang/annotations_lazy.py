# Annotations are evaluated when somebody asks (PEP 649/749).
def f(a: Later, b: "text", *args: int, k: list[Later] = None, **kw: dict) -> Later:
    pass


try:
    f.__annotations__
except NameError as e:
    print(e)
Later = float
print(f.__annotations__)
Later = str
print(f.__annotations__, "cached")
x: int = 5
y: Missing
print(x, "y" in globals())


class C:
    a: int
    b: str = "b"
    c: "C"
    d: C
    [0][0]: int
    (e): float = 1.0

    def m(self, o: C) -> None:
        z: Nowhere = 1
        w: Nowhere
        return z


print(C.__annotations__)
print(C.m.__annotations__, C().m(None), C.b, C.e, hasattr(C, "a"))
print(f.__annotate__ is not None, (lambda: 0).__annotations__)
print(C.__annotate__(1))
try:
    C.__annotate__(99)
except NotImplementedError:
    print("format 99 is not supported")


def local(x):
    def g(p: x):
        pass
    return g


print(local(int).__annotations__)
f.__annotations__ = {"a": 1}
print(f.__annotations__, f.__annotate__)
del f.__annotations__
print(f.__annotations__)
obj = type("O", (), {})()
obj.attr: int = 3
d = {}
d["k"]: int = 4
print(obj.attr, d)


def conditional(flag):
    class D:
        if flag:
            p: int
        else:
            q: str
    return D.__annotations__


print(conditional(True), conditional(False))
