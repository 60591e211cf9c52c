"""Operations on sets."""


def main():
    left, right = set(range(3000)), set(range(1500, 4500))
    total = 0
    for _ in range(5):
        total += len(left | right) + len(left & right) + len(left - right) + len(left ^ right)
        total += left <= right
        for i in range(500):
            if i in left:
                right.add(i)
    return total, frozenset(left) == left


main()
