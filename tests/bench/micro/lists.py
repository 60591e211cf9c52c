"""Building, indexing, slicing and comparing lists."""


def main():
    items = []
    for i in range(4000):
        items.append(i)
    for i in range(len(items) - 1):
        items[i], items[i + 1] = items[i + 1], items[i]
    squares = [x * x for x in items if x % 3]
    halves = squares[::2] + squares[1::2]
    for i, (a, b) in enumerate(zip(items, halves)):
        if a == b:
            items[i] = 0
    return items == halves, max(items), sum(halves), items.index(17)


main()
