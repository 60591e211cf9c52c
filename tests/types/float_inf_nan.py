# Infinity and not-a-number in arithmetic, order and containers.
inf, nan = float("inf"), float("nan")
print(inf + 1, inf - inf, inf * -1, inf / inf, 1 / inf, -1 / inf, inf ** 2, inf ** -1, (-inf) ** 3, (-inf) ** 2, 1 ** nan, nan ** 0, inf % 5, 5 % inf, -5 % inf, 5 // inf, -5 // inf)
print(inf == inf, nan == nan, nan != nan, nan < 1, nan > 1, inf > 10 ** 400, -inf < -10 ** 400, max(1, nan), max(nan, 1), min(nan, 1), sorted([3, nan, 1]), nan in [nan], [nan] == [nan], nan in {nan})
x = nan
print(x is nan, x == x, (x,) == (x,), {x: 1}[x], {x: 1} == {x: 1}, hash(inf), hash(-inf), str(-nan), -nan != -nan)
for f in (lambda: int(inf), lambda: int(nan), lambda: round(inf), lambda: inf.as_integer_ratio(), lambda: 0 * inf, lambda: inf // 1, lambda: divmod(inf, 2)):
    try:
        print(f())
    except (ValueError, OverflowError) as e:
        print(type(e).__name__, e)
