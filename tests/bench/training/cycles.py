"""Trains the collector of cycles, weak references, finalizers and short-lived objects."""

import gc
import sys
import weakref


class Node:
    alive = 0

    def __init__(self, name):
        self.name = name
        self.parent = None
        self.children = []
        Node.alive += 1

    def add(self, child):
        child.parent = self
        self.children.append(child)
        return child

    def __del__(self):
        Node.alive -= 1


class Slotted:
    __slots__ = ("next", "previous", "value", "__weakref__")

    def __init__(self, value):
        self.value = value
        self.next = self.previous = self

    def insert_after(self, other):
        self.previous, self.next = other, other.next
        other.next.previous = self
        other.next = self


class Subject:
    def __init__(self):
        self.watchers = weakref.WeakSet()
        self.methods = []

    def watch(self, watcher):
        self.watchers.add(watcher)
        self.methods.append(weakref.WeakMethod(watcher.notice))

    def tell(self, value):
        for reference in self.methods:
            method = reference()
            if method is not None:
                method(value)
        return len(self.watchers)


class Watcher:
    def __init__(self):
        self.seen = 0

    def notice(self, value):
        self.seen += value


class Pool:
    def __init__(self):
        self.objects = weakref.WeakValueDictionary()
        self.notes = weakref.WeakKeyDictionary()

    def get(self, name):
        node = self.objects.get(name)
        if node is None:
            self.objects[name] = node = Watcher()
            self.notes[node] = f"made for {name}"
        return node


class Phoenix:
    kept = []

    def __init__(self, partner=None):
        self.partner = partner or Phoenix(self)

    def __del__(self):
        if len(Phoenix.kept) < 2:
            Phoenix.kept.append(self)


def family(depth, width, seed):
    root = Node(f"n{seed}")
    level = [root]
    for _ in range(depth):
        level = [node.add(Node(f"{node.name}.{i}")) for node in level for i in range(width)]
    return root


def ring(size):
    first = Slotted(0)
    for value in range(1, size):
        Slotted(value).insert_after(first)
    total, node = 0, first.next
    while node is not first:
        total += node.value * (node.next.value + 1)
        node = node.next
    return total, weakref.ref(first)


def closures(number):
    functions = []
    for n in range(number):
        def recurse(k, n=n):
            return n if k == 0 else recurse(k - 1) + 1
        functions.append(recurse)
    return sum(function(3) for function in functions)


def tangled(number):
    before = []
    for n in range(number):
        table = {"n": n, "list": [n]}
        table["self"] = table
        table["list"].append((table, before))
        generator = (value for value in table["list"])
        next(generator)
        table["generator"] = generator
        before = table["list"] if n % 5 else []
    return len(before)


def unwound(depth):
    try:
        if depth == 0:
            raise ValueError(depth)
        unwound(depth - 1)
    except ValueError as error:
        kept = error
        raise KeyError(kept) from kept


def errors(number):
    total = 0
    for n in range(number):
        try:
            unwound(n % 4)
        except KeyError as error:
            while error is not None:
                total += 1
                error = error.__cause__
    return total


def finalized(number):
    log = []
    for n in range(number):
        watcher = Watcher()
        watcher.self = watcher
        weakref.finalize(watcher, log.append, n)
        if n % 3:
            del watcher.self
    del watcher
    gc.collect()
    return sum(log) + len(log) * 1000


def churn(number):
    keep = [None] * 32
    total = 0
    for n in range(number):
        keep[n * 7 % 32] = [n, (n, str(n)), {"n": n}]
        old = keep[n * 3 % 32]
        total += old[1][0] if old else 1
    return total


def main(scale):
    total = 0
    pool = Pool()
    for seed in range(50 * scale):
        root = family(3, 4, seed)
        leaf = weakref.ref(root.children[0].children[1])
        name = leaf().name
        del root
        ringed, first = ring(60)
        subject, watchers = Subject(), [Watcher() for _ in range(8)]
        for watcher in watchers:
            subject.watch(watcher)
        told = subject.tell(seed)
        seen = watchers[0].seen
        del watchers[3:], watcher
        told = told * 10 + subject.tell(1)
        shared = [pool.get(n % 5) for n in range(12)]
        pooled = len(pool.objects) + len(pool.notes) + len({id(node) for node in shared})
        del shared
        Phoenix()
        figures = [len(name), ringed, told, seen, pooled, closures(20), tangled(60), errors(24),
                   churn(300), len(pool.notes), finalized(12)]
        figures += [Node.alive, first() is None, leaf() is None, len(Phoenix.kept)]
        Phoenix.kept.clear()
        gc.collect(seed % 3)
        for figure in figures:
            total = (total * 103 + figure) % 1_000_003
    print("cycles", total, gc.isenabled(), gc.garbage)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
