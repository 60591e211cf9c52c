def f():
    return prnt("x")


f()
