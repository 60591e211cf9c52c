# Floor division and modulo agree in sign.
for a in (-9, -1, 0, 1, 9, 10 ** 20, -10 ** 20):
    for b in (-4, -1, 1, 4, 10 ** 18 + 7):
        q, r = divmod(a, b)
        print(a, b, q, r, q * b + r == a, (r < 0) == (b < 0) or r == 0)
