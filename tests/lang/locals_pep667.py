# locals() is a snapshot in functions, frame.f_locals writes through.
import sys


def f():
    x = 1
    a = locals()
    x = 2
    y = 3
    b = locals()
    a["x"] = 99
    return a, b, x, a is b


a, b, x, same = f()
a.pop("b", None)
b.pop("a", None)
print(a, b, x, same)


def through():
    x = 1
    fr = sys._getframe()
    fr.f_locals["x"] = 50
    fr.f_locals["extra"] = 7
    return x, fr.f_locals["extra"], sorted(fr.f_locals), type(fr.f_locals).__name__


print(through())


def comp():
    z = 5
    return [sorted(locals()) for q in range(1)]


print(comp())


class C:
    v = 1
    print(locals()["v"], "v" in locals())
    locals()["w"] = 2
    u = w


print(C.u, C.w)


def closure():
    n = 1

    def inner():
        nonlocal n
        n += 1
        return dict(locals())

    return inner(), n


print(closure())


def unbound():
    if False:
        never = 1
    return locals()


print(unbound())
locals()["made_by_locals"] = "yes"
print(made_by_locals)


def caller():
    secret = "value"
    return callee()


def callee():
    fr = sys._getframe(1)
    fr.f_locals["secret"] = "changed"
    return fr.f_code.co_name, fr.f_locals["secret"], fr.f_lineno


print(caller())


def gen():
    g = 1
    yield locals()
    g = 2
    yield locals()


print(list(gen()))
try:
    sys._getframe().f_locals is not None
    def g2():
        x = 1
        del sys._getframe().f_locals["x"]
    g2()
except ValueError as e:
    print(e)
