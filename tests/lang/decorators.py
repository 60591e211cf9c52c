# Decorators: order, arguments, classes, any expression.
def tag(name):
    print("make", name)

    def deco(f):
        print("apply", name, "to", f.__name__)
        return f
    return deco


@tag("outer")
@tag("inner")
def f():
    pass


@tag("class")
class C:
    @tag("method")
    def m(self):
        return "m"


class Count:
    def __init__(self, f):
        self.f = f
        self.n = 0

    def __call__(self, *args):
        self.n += 1
        return self.f(*args)


@Count
def add(a, b):
    return a + b


print(add(1, 2), add(3, 4), add.n)


@lambda f: f.__name__
def named():
    pass


print(named)
table = {"x": [lambda f: ("wrapped", f())]}


@table["x"][0]
def indexed():
    return 1


print(indexed)


@(d := lambda f: 5)
def walrus():
    pass


print(walrus, d(1))


@print
class Printed:
    def __repr__(self):
        return ""
    x = 1


print(Printed)
try:
    @None
    def g():
        pass
except TypeError as e:
    print(e)
try:
    g
except NameError as e:
    print(e)
