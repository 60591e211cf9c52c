def risky(n):
    if n > 2:
        raise OverflowError(f"{n} is too big")
    return n


for n in range(10):
    risky(
        n
    )
