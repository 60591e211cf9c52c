"""Trains dynamic programming: dictionaries keyed by tuples, caches, tables."""

import sys
from bisect import bisect_left
from functools import cache, lru_cache


def edit_distance(a, b):
    table = {(i, 0): i for i in range(len(a) + 1)}
    table.update(((0, j), j) for j in range(len(b) + 1))
    for i, x in enumerate(a, 1):
        for j, y in enumerate(b, 1):
            table[i, j] = min(
                table[i - 1, j] + 1,
                table[i, j - 1] + 1,
                table[i - 1, j - 1] + (x != y),
            )
    return table[len(a), len(b)]


def common(a, b):
    row = [0] * (len(b) + 1)
    for x in a:
        diagonal = 0
        for j, y in enumerate(b):
            above = row[j + 1]
            row[j + 1] = diagonal + 1 if x == y else max(above, row[j])
            diagonal = above
    return row[-1]


def knapsack(items, room):
    best = {0: 0}
    for weight, value in items:
        grown = dict(best)
        for used, worth in best.items():
            total = used + weight
            if total <= room and grown.get(total, -1) < worth + value:
                grown[total] = worth + value
        best = grown
    return max(best.values())


def change(coins, amount):
    @lru_cache(maxsize=None)
    def ways(amount, kinds):
        if amount == 0:
            return 1
        if amount < 0 or kinds == 0:
            return 0
        return ways(amount, kinds - 1) + ways(amount - coins[kinds - 1], kinds)

    return ways(amount, len(coins))


def bracket_count(pairs):
    @cache
    def count(opened, left):
        if not left:
            return 1 if not opened else 0
        result = 0
        if opened:
            result += count(opened - 1, left - 1)
        return result + count(opened + 1, left - 1)

    return count(0, 2 * pairs)


@lru_cache(maxsize=64)
def collatz(n):
    return 1 if n == 1 else 1 + collatz(n // 2 if n % 2 == 0 else 3 * n + 1)


def rising(values):
    tails = []
    for value in values:
        at = bisect_left(tails, value)
        tails[at : at + 1] = [value]
    return len(tails)


def chain_order(sizes):
    count = len(sizes) - 1
    cost = [[0] * count for _ in range(count)]
    for span in range(1, count):
        for i in range(count - span):
            j = i + span
            cost[i][j] = min(
                cost[i][k] + cost[k + 1][j] + sizes[i] * sizes[k + 1] * sizes[j + 1]
                for k in range(i, j)
            )
    return cost[0][-1]


def paths(grid):
    memo = {}

    def cheapest(at):
        x, y = at
        if at not in memo:
            options = [cheapest(p) for p in ((x - 1, y), (x, y - 1)) if min(p) >= 0]
            memo[at] = grid[y][x] + (min(options) if options else 0)
        return memo[at]

    return cheapest((len(grid[0]) - 1, len(grid) - 1))


def main(scale):
    total = 0
    for seed in range(20 * scale):
        numbers = [(seed * 131 + i * i * 29) % 97 for i in range(60)]
        a = "".join(chr(97 + n % 5) for n in numbers[:34])
        b = "".join(chr(97 + n % 4) for n in numbers[20:50])
        grid = [[numbers[(x * y + x + seed) % 60] for x in range(18)] for y in range(18)]
        items = [(n % 11 + 2, n) for n in numbers[:22]]
        figures = (edit_distance(a, b), common(a, b), knapsack(items, 60),
                   change((1, 2, 5, 10, 25), 80 + seed % 20), bracket_count(12),
                   sum(collatz(n) for n in range(1, 40)), rising(numbers),
                   chain_order([n + 1 for n in numbers[:13]]), paths(grid))
        for figure in figures:
            total = (total * 13 + figure) % 1_000_003
    print("tables", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
