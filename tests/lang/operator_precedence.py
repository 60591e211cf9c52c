# How tightly operators bind.
print(2 + 3 * 4, (2 + 3) * 4, 2 * 3 ** 2, -2 ** 2, (-2) ** 2, 2 ** -1, -2 ** -2)
print(1 + 2 << 3, 1 << 2 + 1, 5 & 3 == 1, 5 | 2 ^ 7 & 3, ~1 + 2, -7 // 2, -(7 // 2), 7 % -3, -7 % 3)
print(not 1 == 2, not True or True, not (True or True), 1 or 0 and 0, (1 or 0) and 0)
print(1 if 0 else 2 if 0 else 3, (lambda: 1 if 1 else 2)(), [x for x in range(5) if x % 2 or x == 0])
print(2 ** 3 ** 2, (2 ** 3) ** 2, 10 - 4 - 3, 100 / 10 / 2, 100 // 7 % 4, 2 * 3 % 4)
print(1 < 2 == True, (1 < 2) == True, not 1 < 2, 1 in [1] == True, 5 > 3 > 1 != 0)
print(1 + 1 if False else 3 * 2, *[1, 2][1:], -1 .__abs__() if False else (-1).__abs__(), - 1 ** 0.5, "a" "b" * 2, "%s" % 1 + "x")
print(3 & 1 or 4, 3 and 1 | 4, 1 < 2 & 3, 1 == 1 in [True], 2 @ 3 if False else 6)
x = 5
print(x if x else 0 or 1, (y := x + 1) * 2, y, await_ if (await_ := 3) else 0, not x in [5], not (x in [5]), x is not None)
