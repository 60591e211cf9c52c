def f(a, b):
    with a as x, b:
        if x: return x
    with a: pass
