"""Filling, reading, copying and going over dicts."""


def main():
    table = {}
    for i in range(3000):
        table[i] = i
        table["k" + str(i % 100)] = i
    total = 0
    for _ in range(5):
        for key, value in table.items():
            total += value
        copy = dict(table)
        copy.update(table)
        total += sum(copy.values()) + len([k for k in copy if k in table])


main()
