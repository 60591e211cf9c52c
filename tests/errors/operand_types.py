def total(items):
    return sum(
        item * 2
        for item in items
    ) + "1"


total([1, 2, 3])
