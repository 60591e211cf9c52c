def f(a, b):
    c = a + b
    d = a - 1
    e = a * b + c
    c += 1
    d -= b
    c += a * b
    return -(c ** d) / e
