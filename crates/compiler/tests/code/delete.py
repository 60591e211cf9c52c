def f(a, b):
    del a, b.c, b[0], b[1:2]
    def g(): return a
