# Locals go in the order of their slots when a function returns.
class T:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)


def f():
    b = T("b")
    a = T("a")
    c = T("c")
    print("body")


f()


def g(x, y):
    z = T("z")
    return x


r = g(T("x"), T("y"))
print("returned")
r = None


def h():
    v = T("first")
    v = T("second")
    del v
    print("h body")
    return T("result")


h()
print("h done")


def raising():
    k = T("in raising")
    raise ValueError


try:
    raising()
except ValueError:
    print("handler")
print("after handler")


def gen():
    q = T("gen local")
    yield
    print("resumed")


g1 = gen()
next(g1)
g1 = None
print("gen gone")
[T(f"comp{i}") for i in range(2)]
print("end")
