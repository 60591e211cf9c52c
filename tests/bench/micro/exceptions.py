"""Raising and catching."""


def fails(n):
    if n % 2:
        raise ValueError(n)
    return {}["missing"]


def main():
    caught = 0
    for i in range(3000):
        try:
            fails(i)
        except (ValueError, KeyError) as error:
            caught += len(error.args)


main()
