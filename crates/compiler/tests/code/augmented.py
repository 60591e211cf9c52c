def f(o, k, n):
    o.x += n
    o[k] -= n
    o[1:k] |= n
    n @= o
