"""Trains big integers: powers, division, gcd, digits, rational series."""

import math
import sys


def pi_digits(count):
    q, r, t, k, n, m = 1, 0, 1, 1, 3, 3
    digits = []
    while len(digits) < count:
        if 4 * q + r - t < n * t:
            digits.append(n)
            q, r, n = 10 * q, 10 * (r - n * t), 10 * (3 * q + r) // t - 10 * n
        else:
            q, r, t, k, n, m = (q * k, (2 * q + r) * m, t * m, k + 1,
                                (q * (7 * k + 2) + r * m) // (t * m), m + 2)
    return digits


def probable_prime(n):
    if n < 2 or n % 2 == 0:
        return n == 2
    odd, shift = n - 1, 0
    while odd % 2 == 0:
        odd //= 2
        shift += 1
    for base in (2, 3, 5, 7, 11):
        if base % n == 0:
            continue
        x = pow(base, odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(shift - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def inverse(a, n):
    old, new, x, y = a, n, 1, 0
    while new:
        quotient = old // new
        old, new = new, old - quotient * new
        x, y = y, x - quotient * y
    return x % n if old == 1 else None


def fibonacci(n):
    a, b = 0, 1
    for bit in bin(n)[2:]:
        a, b = a * (2 * b - a), a * a + b * b
        if bit == "1":
            a, b = b, a + b
    return a


def harmonic(n):
    top, bottom = 0, 1
    for k in range(1, n + 1):
        top, bottom = top * k + bottom, bottom * k
        common = math.gcd(top, bottom)
        top //= common
        bottom //= common
    return top, bottom


def toy_rsa(p, q, message):
    n, phi = p * q, (p - 1) * (q - 1)
    exponent = 65537
    key = inverse(exponent, phi)
    number = int.from_bytes(message, "big") % n
    cipher = pow(number, exponent, n)
    return pow(cipher, key, n) == number, cipher


def next_prime(n):
    n |= 1
    while not probable_prime(n):
        n += 2
    return n


def digits_in(value, base):
    digits = []
    while value:
        value, digit = divmod(value, base)
        digits.append(digit)
    return digits[::-1]


def main(scale):
    total = 0
    for seed in range(36 * scale):
        p = next_prime((1 << 61) + seed * 1000)
        q = next_prime((1 << 63) + seed * 777)
        good, cipher = toy_rsa(p, q, b"vivid text %d" % seed)
        top, bottom = harmonic(60 + seed % 10)
        large = fibonacci(900 + seed % 50)
        text = str(large)
        shifted = (large << 77) ^ (large >> 33) | (1 << 500)
        figures = (int("".join(map(str, pi_digits(90)))), good, cipher, top, bottom,
                   sum(map(int, text)), len(hex(shifted)), shifted.bit_length(),
                   shifted.bit_count(), math.factorial(70 + seed % 5), math.isqrt(large),
                   sum(digits_in(large, 1000)), -large // 12345678901234567,
                   int(text[::-1]) & large, 7 ** (200 + seed % 9), math.comb(90, 40))
        for figure in figures:
            total = (total * 19 + figure) % 1_000_003
    print("bigints", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
