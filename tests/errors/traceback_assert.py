def check(n):
    assert n > 0, f"n was {n}"
    return n


check(1)
check(-1)
