"""Trains numeric loops: integers, floats, matrices, arrays, bits, permutations."""

import math
import sys
from array import array


def sieve(limit):
    flags = bytearray([1]) * (limit + 1)
    flags[0:2] = b"\0\0"
    for n in range(2, math.isqrt(limit) + 1):
        if flags[n]:
            flags[n * n :: n] = bytes(len(range(n * n, limit + 1, n)))
    return [n for n, flag in enumerate(flags) if flag]


def multiply(a, b):
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]


def eliminate(matrix):
    rows = [row[:] for row in matrix]
    size = len(rows)
    determinant = 1.0
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(rows[r][i]))
        if abs(rows[pivot][i]) < 1e-12:
            return 0.0
        if pivot != i:
            rows[i], rows[pivot] = rows[pivot], rows[i]
            determinant = -determinant
        determinant *= rows[i][i]
        for r in range(i + 1, size):
            factor = rows[r][i] / rows[i][i]
            for c in range(i, size):
                rows[r][c] -= factor * rows[i][c]
    return determinant


def arrangements(n):
    order = list(range(n))
    count = inversions = 0
    while True:
        count += 1
        inversions += order[0] > order[-1]
        i = n - 2
        while i >= 0 and order[i] > order[i + 1]:
            i -= 1
        if i < 0:
            return count, inversions
        j = n - 1
        while order[j] < order[i]:
            j -= 1
        order[i], order[j] = order[j], order[i]
        order[i + 1 :] = order[: i : -1]


def bits(value):
    count = 0
    while value:
        value &= value - 1
        count += 1
    return count


def shuffle_bits(state, rounds):
    total = 0
    for _ in range(rounds):
        state ^= (state << 13) & 0xFFFFFFFF
        state ^= state >> 17
        state ^= (state << 5) & 0xFFFFFFFF
        total += bits(state & 0xFFFF) if state & 1 else (~state & 0xFF)
    return state + total


def mandel(width):
    inside = 0
    for row in range(width):
        for column in range(width):
            c = complex(column * 3 / width - 2, row * 2 / width - 1)
            z = 0j
            for _ in range(18):
                z = z * z + c
                if z.real * z.real + z.imag * z.imag > 4.0:
                    break
            else:
                inside += 1
    return inside


def relax(size, rounds):
    cells = array("d", [0.0]) * (size * size)
    for i in range(size):
        cells[i] = 1.0
    for _ in range(rounds):
        for y in range(1, size - 1):
            base = y * size
            for x in range(base + 1, base + size - 1):
                cells[x] = 0.25 * (cells[x - 1] + cells[x + 1]
                                   + cells[x - size] + cells[x + size])
    return sum(cells)


def newton(values):
    total = 0.0
    for value in values:
        guess = value or 1.0
        while abs(guess * guess - value) > 1e-9:
            guess = (guess + value / guess) / 2
        total += guess + math.sin(guess) * math.hypot(value, 1.0)
    return total


def divisors(limit):
    perfect = 0
    for n in range(2, limit):
        total, d = 1, 2
        while d * d <= n:
            quotient, rest = divmod(n, d)
            if rest == 0:
                total += d + (quotient if quotient != d else 0)
            d += 1
        perfect += total > n
    return perfect


def main(scale):
    total = 0
    for seed in range(24 * scale):
        size = 9
        a = [[(i * j + seed + i) % 7 - 3.0 for j in range(size)] for i in range(size)]
        b = [[(i + j * seed) % 5 + 0.5 * (i == j) for j in range(size)] for i in range(size)]
        product = multiply(a, b)
        figures = (sum(sieve(3000)), round(eliminate(product) * 8), *arrangements(6),
                   shuffle_bits(seed + 1, 300), mandel(14), round(relax(14, 6) * 1e6),
                   round(newton(range(seed, seed + 30)) * 1e5), divisors(220),
                   int(sum(map(sum, product))))
        for figure in figures:
            total = (total * 11 + figure) % 1_000_003
    print("numbers", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
