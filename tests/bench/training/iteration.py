"""Trains itertools, comprehensions, set algebra, unpacking and sorting with keys."""

import sys
from itertools import (accumulate, chain, combinations, compress, count, cycle, dropwhile,
                       groupby, islice, pairwise, permutations, product, starmap, takewhile,
                       zip_longest)
from operator import attrgetter, itemgetter, mul
from collections import namedtuple

Person = namedtuple("Person", "name age town height")
TOWNS = ("Oslo", "Bern", "Rome", "Riga", "Linz")


def people(seed, number):
    return [
        Person(f"n{(i * 37 + seed) % 100:02}", 20 + (i * i + seed) % 50,
               TOWNS[(i + seed) % 5], 150 + (i * 7 + seed) % 45 / 2)
        for i in range(number)
    ]


def by_town(crowd):
    crowd = sorted(crowd, key=attrgetter("town", "age", "name"))
    return {
        town: [person.name for person in members]
        for town, members in groupby(crowd, key=attrgetter("town"))
    }


def puzzle(target):
    """Letters for digits: TO + GO = OUT-like sums with a wanted result."""
    found = 0
    for t, o, g, u in permutations(range(8), 4):
        if t and g and (10 * t + o) + (10 * g + o) == 100 * (target % 2) + 10 * u + t:
            found += t * u + 1
    return found


def set_figures(seed):
    threes = {n for n in range(seed, seed + 90) if n % 3 == 0}
    fives = {n for n in range(seed, seed + 90) if n % 5 == 0}
    squares = frozenset(n * n % 90 + seed for n in range(20))
    both, either, odd = threes & fives, threes | fives, threes ^ fives
    either -= squares
    either.discard(seed + 1)
    odd.update(both)
    return (len(both) + sum(either) + len(odd - squares) + (both <= threes)
            + squares.isdisjoint(fives) + len(threes.union(fives, squares)))


def table_figures(seed):
    table = {(x, y): x * y + seed for x in range(9) for y in range(9) if x != y}
    inverse = {}
    for at, value in table.items():
        inverse.setdefault(value, []).append(at)
    merged = {**{x: y for x, y in table}, **dict(enumerate("abcdef"))}
    merged |= {len(found): value for value, found in inverse.items()}
    top = max(inverse, key=lambda value: (len(inverse[value]), value))
    triangle = [[x * y for x in range(y)] for y in range(9)]
    return top + len(merged) + sum(map(sum, triangle)) + sum(min(at) for at in table)


def pipelines(values):
    steps = accumulate(values, initial=3)
    climbs = sum(a < b for a, b in pairwise(values))
    front = list(takewhile(lambda v: v < 90, values))
    back = list(dropwhile(lambda v: v < 90, values))
    picked = compress(values, cycle((1, 0, 0, 1)))
    threes = zip(*[iter(values)] * 3)
    mixed = [a + b for a, b in zip_longest(front, islice(count(5, 3), 20), fillvalue=1)]
    products = starmap(mul, zip(values, reversed(values)))
    return (max(steps) + climbs + len(front) * 3 + len(back) + sum(picked) + sum(mixed)
            + sum(a * c - b for a, b, c in threes) + sum(products) % 1009)


def unpack(rows):
    total = 0
    for number, (name, age, *rest) in enumerate(rows, start=1):
        first, *_, last = name + str(age)
        town, height = rest
        total += number * (ord(first) - ord(last)) + len(town)
        number, age = age, number
        total += number % 7 + age
    return total


def main(scale):
    total = 0
    for seed in range(64 * scale):
        crowd = people(seed, 50)
        towns = by_town(crowd)
        values = [person.age * (i + 1) % 97 for i, person in enumerate(crowd)]
        tall = sorted(crowd, key=itemgetter(3, 1, 0), reverse=True)[:5]
        names = ",".join(chain.from_iterable(towns.values()))
        figures = (len(names), ord(names[seed % len(names)]), puzzle(seed), set_figures(seed),
                   table_figures(seed), pipelines(values), unpack(crowd),
                   sum(person.age for person in tall),
                   sum(a * b % c for a, b, c in combinations(range(2, 13), 3)),
                   sum(1 for dice in product(range(1, 7), repeat=3) if sum(dice) == 7 + seed % 5),
                   any(person.age > 68 for person in crowd),
                   all(town in towns for town in TOWNS), len({*map(len, towns.values())}),
                   min(crowd, key=lambda person: (person.height, person.name)).age)
        for figure in figures:
            total = (total * 29 + figure) % 1_000_003
    print("iteration", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
