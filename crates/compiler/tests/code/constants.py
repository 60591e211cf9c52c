a = 1 + 2 * 3
b = 'ab' * 3 + 'c'
c = (1, 2.0, -0.0, 0.0, True, None, ...)
d = 2 ** 100
e = x in [1, 2, 3]
f = x in {1, 2, 3}
for g in [1, 2]: pass
h = [1, 2, 3]
i = not 0
j = 1 << 200
k = 'abc'[1]
