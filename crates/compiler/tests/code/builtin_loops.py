def f(xs):
    return any(x for x in xs), all(x for x in xs), tuple(x for x in xs)
