def outer(a):
    b = 1
    def inner(c=a, *, d=b):
        nonlocal b
        b = a + c
        return lambda: b
    return inner
