# Big integers: exact arithmetic, conversion, limits.
a = 2 ** 200 + 12345
b = 3 ** 100 - 1
print(a)
print(a + b, a - b)
print(a * b)
print(a // b, a % b, divmod(-a, b))
print(a ** 3 % b == pow(a, 3, b), pow(a, b, 1000007))
print(-a // 7, -a % 7, a >> 100, -a >> 150, (a << 50) == a * 2 ** 50)
print(a & b, a | b, a ^ b, ~a, -a & 0xFFFF, a & -1 == a)
print(hex(a), oct(b), bin(2 ** 70 + 1))
print(int("123456789" * 10), int("f" * 40, 16), int("-" + "1" * 60, 2))
print(float(2 ** 100), float(a), int(1e30), a / b, b / a, 2 ** 1000 / 2 ** 999)
print(a == float(a), 2 ** 100 == 2.0 ** 100, 2 ** 53 + 1 == float(2 ** 53 + 1), 10 ** 400 > 1e308, -10 ** 400 < float("-inf"))
fact = 1
for i in range(1, 51):
    fact *= i
print(fact)
print(a.bit_length(), len(str(3 ** 1000)), str(7 ** 300)[-20:], hash(a), hash(-a), a.to_bytes(26).hex())
try:
    int("1" * 5000)
except ValueError as e:
    print(e)
try:
    str(10 ** 5000)
except ValueError as e:
    print(e)
try:
    float(10 ** 400)
except OverflowError as e:
    print(e)
print(f"{10 ** 30:,}", f"{10 ** 30:e}", "%d" % 10 ** 25, f"{2 ** 70:x}")
import sys
sys.set_int_max_str_digits(0)
print(len(str(10 ** 5000)))
x, y = 10 ** 50, 10 ** 50
print(x is y, x == y, sum([10 ** 30] * 10), max(a, b) == a, sorted([a, -a, 0, b]) == [-a, 0, b, a])
