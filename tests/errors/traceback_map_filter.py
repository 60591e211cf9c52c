def half(n):
    return n // 0 if n == 2 else n


print(list(map(half, [0, 1])))
list(map(half, range(5)))
