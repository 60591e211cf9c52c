# int: construction, arithmetic, division rules, powers.
print(int(), int(3.9), int(-3.9), int("42"), int(" -7 \n"), int("ff", 16), int("0x1F", 0), int("0b11", 0), int("0o17", 8), int("z", 36), int(b"12"), int("1_000"), int(True))
for a, b in [(7, 2), (-7, 2), (7, -2), (-7, -2), (6, 3), (0, 5)]:
    print(a // b, a % b, divmod(a, b), a / b)
print(2 ** 10, 2 ** 0, 2 ** -1, (-2) ** 3, 0 ** 0, pow(3, 4, 5), pow(3, -1, 7), pow(-3, 3, 5), pow(2, 100, 10**9 + 7))
print(1 << 70, (1 << 70) >> 68, -1 >> 10, -5 >> 1, 5 & -2, -5 | 3, -5 ^ 3, ~7)
print(abs(-5), -(-5), +5, round(15, -1), round(25, -1), round(-15, -1), round(12345, -2), round(7, 2))
for bad in ("", "abc", "1.5", "0x10", "1__0", "_1", "1_", "12 3", "0b2"):
    try:
        int(bad)
    except ValueError as e:
        print(e)
for f in (lambda: int("1", 1), lambda: int("9", 8), lambda: int(5, 10), lambda: int(None), lambda: int([]), lambda: 1 // 0, lambda: 1 % 0, lambda: divmod(1, 0), lambda: 1 / 0,
          lambda: 0 ** -1, lambda: pow(2, -1, 4), lambda: pow(1, 2, 0), lambda: 1 << -1, lambda: 1 >> -1, lambda: int(float("nan")), lambda: int(float("inf")), lambda: 10**400 / 3, lambda: 1 << (1 << 70)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
