def f(g):
    try:
        g()
    except* A as e:
        g(e)
    except* B:
        pass
