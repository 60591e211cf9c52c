def f():
    return math.sqrt(4)


f()
