# Bit operations on negatives and big numbers.
for a, b in [(5, 3), (-5, 3), (5, -3), (-5, -3), (2 ** 70 + 1, 2 ** 65 - 1), (-2 ** 70, 255), (0, -1)]:
    print(a & b, a | b, a ^ b, ~a, a << 3, a >> 2, b >> 100)
print(1 << 0, 0 << 1000, -1 >> 1000, 1 >> 10 ** 10, (1 << 200).bit_length(), (-1 << 64) | 5, True << 3, 0xFF & ~0x0F)
x = 0b1010
x &= 0b0110
x |= 1
x ^= 0xFF
x <<= 2
x >>= 1
print(x, bin(x), f"{x:08b}", int(bin(x), 2), x.bit_count())
