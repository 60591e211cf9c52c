# float: construction, repr, arithmetic, special values.
print(float(), float("1.5"), float(" -2e3 "), float("inf"), float("-Infinity"), float("nan"), float("1_0.5"), float(5), float(b"2.5"), float(".5"), float("1e-5"))
for x in [0.1, 1.0, 1e16, 1e15, 123456789012345678.0, 1e-4, 1e-5, 0.1 + 0.2, 1 / 3, 5e-324, 1.7976931348623157e308, 1e100, 2.5, -0.0, 100.0, 1e22, 1e23, 0.30000000000000004]:
    print(repr(x), str(x))
inf, nan = float("inf"), float("nan")
print(inf - inf, inf * 0, inf > 1e308, -inf < inf, nan == nan, nan != nan, nan < 1, inf == inf, inf // 2, 5 % inf, -5 % inf)
for a, b in [(7.5, 2), (-7.5, 2), (7.5, -2), (-7.5, -2.0), (0.0, 3), (-0.0, 3), (1e300, 1e-10)]:
    print(a // b, a % b, divmod(a, b))
print(2.0 ** 3, 2 ** 0.5, (-8) ** (1 / 3), 4 ** -0.5, 0.0 ** 0, inf ** 0, nan ** 0, 1 ** nan, (-2.0) ** 3)
for f in (lambda: 1.0 / 0, lambda: 1.0 // 0, lambda: 1.0 % 0, lambda: divmod(1.0, 0.0), lambda: 0.0 ** -1, lambda: 10.0 ** 400, lambda: float("x"), lambda: float(""), lambda: float("1__0"), lambda: float(None), lambda: float([]), lambda: float("1 2"), lambda: int("1.5")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(abs(-2.5), -0.0 == 0.0, round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234.5678, -2), round(1e300, 2), round(0.5), round(1.5, 0), round(5e-324, 400))
print(1.5 + 1, 1 + 1.5, 3 * 0.1, 1.5 - True, 7 / 2, 6 / 3, 1e308 + 1e308, 0.1 * 3 == 0.3, sum([0.1] * 10), 3.0 == 3, 1 < 1.5 < 2)
try:
    round(inf)
except OverflowError as e:
    print(e)
try:
    round(nan)
except ValueError as e:
    print(e)
