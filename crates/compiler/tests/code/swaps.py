def f(a, b, c):
    a, b = b, a
    a, b, c = c, a, b
    a[0], a[1] = a[1], a[0]
    return a
