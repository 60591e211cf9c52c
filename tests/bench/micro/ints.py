"""Arithmetic of ints, small and large."""


def main():
    total = 0
    for i in range(15000):
        total = (total * 31 + i) % 1000003
        total ^= i >> 3
    big = 1
    for i in range(1, 150):
        big *= i
    return total, str(big), int(str(big))


main()
