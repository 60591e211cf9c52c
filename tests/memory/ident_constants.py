# Equal constants of one code object are one object; those of different types are not.
def f():
    a = 1000
    b = 1000
    c = 1000.5
    d = 1000.5
    e = (1, "x", 2.5)
    g = (1, "x", 2.5)
    h = "not an identifier!"
    i = "not an identifier!"
    return a is b, c is d, e is g, h is i


print(f())
print((lambda: (1, 1.0, True, 1j))())
print(len({id(x) for x in (lambda: [0, 0.0, -0.0, False])()}))


def one():
    return "shared_name"


def two():
    return "shared_name"


print(one() is two(), one() is one())
