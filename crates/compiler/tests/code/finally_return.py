def f(g):
    for x in g:
        try:
            if x: return x
            else: break
        finally:
            g(x)
