"""Arithmetic of floats."""


def main():
    x, total = 0.5, 0.0
    for _ in range(15000):
        x = 3.7 * x * (1.0 - x)
        total += x / 2.0 - 0.1
    return total


main()
