def f(a, b, c):
    x = a and b or c
    y = not a
    if a and (b or not c):
        return x
    return y if a is not None else b not in c
