"""Generators that loops and native functions drive."""


def numbers(n):
    for i in range(n):
        yield i


def nested(n):
    yield from numbers(n)


def main():
    total = 0
    for i in nested(4000):
        total += i
    total += sum(i * 2 for i in range(4000))
    total += len(set(i % 100 for i in range(4000)))
    return total, any(i > 3990 for i in range(4000))


main()
