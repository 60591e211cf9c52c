# Locals bound by every kind of statement.
def f(a, /, b, *args, c=3, **kw):
    import sys as d
    from math import pi as e
    for g in range(2): pass
    with open("/dev/null") as h: pass
    try:
        raise ValueError("x")
    except ValueError as i:
        j = str(i)
    def k(): pass
    class l: pass
    m, (n, *o) = 1, (2, 3)
    p = q = 5
    (r := 6)
    s: int = 7
    t: int
    [u for u in range(3)]
    match [8, 9]:
        case [v, *w]: pass
    del q
    x = y = None
    y = [x]
    y += [1]
    return sorted(n for n in locals())


try:
    print(f(1, 2, 10, z=1))
except TypeError as e:
    print(e)
print(f.__code__.co_varnames)
