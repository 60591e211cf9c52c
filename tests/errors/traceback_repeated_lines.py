def rec(n):
    if n == 0:
        raise ValueError("bottom")
    rec(n - 1)


rec(10)
