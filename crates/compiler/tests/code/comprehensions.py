def f(xs):
    a = [x + 1 for x in xs if x]
    b = {x for x in xs}
    c = {k: v for k, v in xs}
    d = (y for x in xs for y in x)
    e = [lambda: x for x in xs]
    return [[y for y in x] for x in xs]
