def f(g, x, *a, **k):
    g()
    g(x, 1)
    g(x, y=2)
    g(*a, x, **k)
    x.m(1)
    x.m(1, y=2)
    x.m(*a)
