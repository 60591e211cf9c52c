def f(a, b):
    x = f'{a}-{b!r:>{a}} {a=}'
    y = '%s and %r' % (a, b)
    return t'{a}x{b:z}'
