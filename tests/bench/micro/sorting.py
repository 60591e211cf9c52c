"""Sorting with and without keys."""


def main():
    numbers = [i * 7919 % 10007 for i in range(3000)]
    words = [f"word{n}" for n in numbers]
    pairs = [(n % 100, n) for n in numbers]
    return sorted(numbers), sorted(words), sorted(pairs), sorted(numbers, key=lambda n: -n), sorted(words, key=len)


main()
