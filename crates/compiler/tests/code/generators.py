def f(it):
    x = yield
    y = yield x
    z = yield from it
    return z
