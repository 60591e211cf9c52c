"""How cost grows with size: each workload does n operations; one JSON line for each (workload, n).

Run by scripts/growth under both interpreters: workloads.py LARGEST [NAME ...]; `--list` prints the names.
"""

import gc
import heapq
import json
import random
import sys
import time
from collections import deque

LEAST_SECONDS = 0.01
ROUNDS = 5


class Point:
    def __init__(self):
        self.x = 1


def add_one(x):
    return x + 1


def numbers(n):
    """n numbers in random order, none twice."""
    order = list(range(n))
    random.Random(12345).shuffle(order)
    return order


def words(n):
    return [f"word{i}" for i in numbers(n)]


def nothing(n):
    return n


def list_append(n):
    items = []
    for i in range(n):
        items.append(i)


def list_pop(items):
    items = items[:]
    while items:
        items.pop()


def dict_insert(n):
    table = {}
    for i in range(n):
        table[i] = i


def dict_insert_words(keys):
    table = {}
    for key in keys:
        table[key] = None


def dict_lookup(given):
    table, keys = given
    for key in keys:
        table[key]


def attribute(n):
    point = Point()
    for _ in range(n):
        point.x


def attribute_store(n):
    point = Point()
    for i in range(n):
        point.x = i


def instances(n):
    [Point() for _ in range(n)]


def call(n):
    for i in range(n):
        add_one(i)


def string_join(parts):
    "".join(parts)


def string_add(n):
    text = ""
    for _ in range(n):
        text += "x"


def string_split(text):
    text.split(" ")


def sort_numbers(items):
    sorted(items)


def sort_words(items):
    sorted(items)


def set_add(items):
    seen = set()
    for item in items:
        seen.add(item)


def set_union(given):
    given[0] | given[1]


def set_intersection(given):
    given[0] & given[1]


def slicing(items):
    items[1:]
    items[::2]


def deque_turn(n):
    queue = deque()
    for i in range(n):
        queue.append(i)
    while queue:
        queue.popleft()


def heap(items):
    queue = []
    for item in items:
        heapq.heappush(queue, item)
    while queue:
        heapq.heappop(queue)


def comprehension(n):
    [i + i for i in range(n)]


def generator(n):
    sum(i for i in range(n))


# Workload, and what makes its input for n.
WORKLOADS = [
    (list_append, nothing),
    (list_pop, numbers),
    (dict_insert, nothing),
    (dict_insert_words, words),
    (dict_lookup, lambda n: (dict.fromkeys(range(n)), numbers(n))),
    (attribute, nothing),
    (attribute_store, nothing),
    (instances, nothing),
    (call, nothing),
    (string_join, words),
    (string_add, nothing),
    (string_split, lambda n: " ".join(words(n))),
    (sort_numbers, numbers),
    (sort_words, words),
    (set_add, numbers),
    (set_union, lambda n: (set(range(n)), set(range(n // 2, n + n // 2)))),
    (set_intersection, lambda n: (set(range(n)), set(range(n // 2, n + n // 2)))),
    (slicing, numbers),
    (deque_turn, nothing),
    (heap, numbers),
    (comprehension, nothing),
    (generator, nothing),
]


def measure(work, given):
    """The least processor time of one turn, of a few rounds of as many turns as are long enough to be timed."""
    turns, spent = 1, 0.0
    while True:
        start = time.process_time()
        for _ in range(turns):
            work(given)
        spent = time.process_time() - start
        if spent >= LEAST_SECONDS:
            break
        turns = max(turns + 1, int(turns * LEAST_SECONDS * 1.2 / max(spent, 1e-6)))
    best = spent / turns
    for _ in range(1 if spent > 2 else ROUNDS - 1):
        start = time.process_time()
        for _ in range(turns):
            work(given)
        best = min(best, (time.process_time() - start) / turns)
    return best


def main():
    if sys.argv[1] == "--list":
        print(*(work.__name__ for work, _ in WORKLOADS))
        return
    largest, only = int(sys.argv[1]), sys.argv[2:]
    for work, prepare in WORKLOADS:
        if only and work.__name__ not in only:
            continue
        n = 1000
        while n <= largest:
            given = prepare(n)
            gc.collect()
            seconds = measure(work, given)
            print(json.dumps({"name": work.__name__, "n": n, "ns": seconds / n * 1e9}), flush=True)
            del given
            n *= 10


main()
