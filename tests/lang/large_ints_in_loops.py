# Loops that cross from small to big integers.
n = 1
for i in range(70):
    n *= 2
print(n)
n = 2 ** 62
for _ in range(6):
    n += 2 ** 61
    print(n, n - 2 ** 63, -n)
i = 2 ** 63 - 3
while i < 2 ** 63 + 2:
    print(i, i & 0xFF, i >> 60, i // 10 ** 10, i % 1000)
    i += 1
a, b = 0, 1
for _ in range(100):
    a, b = b, a + b
print(a)
f = 1
for k in range(1, 26):
    f *= k
    if k > 19:
        print(k, f)
x = -2 ** 31
for _ in range(4):
    x *= x
    print(x)
    x = -x
print(sum(range(10 ** 6)), sum(i * i for i in range(10 ** 4)), 3 ** 50 - 3 ** 49 * 3, (2 ** 64 - 1) ^ (2 ** 63), 255 .__xor__(2 ** 70))
