"""Trains generators: recursion with yield from, pipelines, send, search trees."""

import sys


class Node:
    def __init__(self, key, left=None, right=None):
        self.key = key
        self.left = left
        self.right = right

    def __iter__(self):
        if self.left is not None:
            yield from self.left
        yield self.key
        if self.right is not None:
            yield from self.right

    def depth(self):
        return 1 + max(child.depth() if child else 0 for child in (self.left, self.right))


class Tree:
    def __init__(self, keys=()):
        self.root = None
        for key in keys:
            self.insert(key)

    def insert(self, key):
        if self.root is None:
            self.root = Node(key)
            return
        node = self.root
        while True:
            side = "left" if key < node.key else "right"
            child = getattr(node, side)
            if child is None:
                setattr(node, side, Node(key))
                return
            node = child

    def __iter__(self):
        return iter(self.root) if self.root else iter(())

    def __contains__(self, key):
        node = self.root
        while node is not None:
            if key == node.key:
                return True
            node = node.left if key < node.key else node.right
        return False


def flatten(value):
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from flatten(item)
    else:
        yield value


def nested(depth, seed):
    if depth == 0:
        return seed
    return [nested(depth - 1, seed + 1), (seed, nested(depth - 1, seed * 3 % 101))]


def numbers(start, stop):
    while start < stop:
        yield start
        start += 1


def keep(test, source):
    for item in source:
        if test(item):
            yield item


def pairs(source):
    source = iter(source)
    for first in source:
        yield first, next(source, None)


def running_mean():
    total = count = 0
    mean = None
    while True:
        value = yield mean
        if value is None:
            return total
        total += value
        count += 1
        mean = total // count


def queens(size, columns=(), sums=frozenset(), differences=frozenset()):
    row = len(columns)
    if row == size:
        yield columns
        return
    for column in range(size):
        if column in columns or row + column in sums or row - column in differences:
            continue
        yield from queens(size, columns + (column,), sums | {row + column},
                          differences | {row - column})


def subsets(items):
    if not items:
        yield ()
        return
    for rest in subsets(items[1:]):
        yield rest
        yield (items[0], *rest)


def merge(a, b):
    a, b = iter(a), iter(b)
    x, y = next(a, None), next(b, None)
    while x is not None and y is not None:
        if x <= y:
            yield x
            x = next(a, None)
        else:
            yield y
            y = next(b, None)
    if x is not None:
        yield x
        yield from a
    if y is not None:
        yield y
        yield from b


def main(scale):
    total = 0
    for seed in range(48 * scale):
        keys = [(seed * 7 + i * 61) % 211 for i in range(120)]
        tree = Tree(keys)
        other = Tree(key // 2 for key in keys if key % 3)
        merged = list(merge(tree, other))
        mean = running_mean()
        next(mean)
        means = [mean.send(value) for value in flatten(nested(6, seed))]
        try:
            mean.send(None)
        except StopIteration as end:
            total += end.value
        odd = keep(lambda n: n % 2, numbers(seed, seed + 150))
        figures = (sum(a * (b or 1) for a, b in pairs(odd)), sum(merged), max(means),
                   tree.root.depth(), sum(n in tree for n in range(100)),
                   sum(len(s) * sum(s) for s in subsets(tuple(range(7)))),
                   sum(q[seed % 6] for q in queens(6)), all(x <= y for x, y in pairs(tree) if y))
        for figure in figures:
            total = (total * 23 + figure) % 1_000_003
    print("trees", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
