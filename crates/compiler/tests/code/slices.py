def f(a, i, j):
    a[i:j] = a[1:2]
    x = a[i:], a[:j], a[i:j:2], a[::2], a[i, 1:j]
    a[i] = a[j]
    return a[-1]
