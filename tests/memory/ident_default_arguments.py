# Default values are made once.
def f(x=[]):
    x.append(len(x))
    return x


print(f() is f(), f())
print(f.__defaults__[0] is f())


def g(*, y={}):
    return y


print(g() is g(), g.__kwdefaults__["y"] is g())
fs = [lambda v=[]: v for _ in range(2)]
print(fs[0]() is fs[1](), fs[0]() is fs[0]())
