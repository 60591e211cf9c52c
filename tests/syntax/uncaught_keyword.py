def f(x):
    if x = 1:
        pass
