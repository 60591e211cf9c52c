"""Calls of functions: positions, keywords, defaults, closures, recursion."""


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def scale(value, *, by=2):
    return value * by


def adder(n):
    return lambda x: x + n


def main():
    fib(16)
    add = adder(3)
    for i in range(3000):
        add(scale(i, by=3))


main()
