def f(a):
    x, *y = a
    *z, = a
    p, q = q, p = a
    r = [*a, 1, *x]
    s = {*a, 1}
    t = (*a, 2)
    u = {**a, 'k': 1}
    return *x, y
