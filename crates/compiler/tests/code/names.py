x = y
def f():
    global g
    g = h
    del g
    return undefined_maybe
def k(flag):
    if flag:
        v = 1
    return v
