def f(xs):
    if (n := len(xs)) > 1:
        return [y := x for x in xs], y, n
