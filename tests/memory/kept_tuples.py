# oracle: 3.13
# Iterators that give tuples keep the last one, and fill it anew while nobody else has it.
import gc
import itertools
import sys


class Item:
    pass


def counts(iterator):
    return [sys.getrefcount(pair[0]) for pair in iterator]


def kept():
    print(counts(zip([Item(), Item()], [1, 2])))
    print(counts(itertools.pairwise([Item(), Item(), Item()])))
    for first, second in zip([Item()], [Item()]):
        print(sys.getrefcount(first), sys.getrefcount(second))
    for number, item in enumerate([Item()]):
        print(sys.getrefcount(item))
    for key, item in {1: Item()}.items():
        print(sys.getrefcount(item))
    for makes in (
        lambda: itertools.product([Item()], [Item()]),
        lambda: itertools.combinations([Item(), Item()], 2),
        lambda: itertools.permutations([Item(), Item()]),
        lambda: itertools.zip_longest([Item()], [Item()]),
    ):
        for first, second in makes():
            print(sys.getrefcount(first), sys.getrefcount(second))


kept()
iterator = zip("ab", "cd")
print(gc.get_referents(iterator)[1])
first = next(iterator)
print(first, next(iterator), first)
iterator = enumerate("ab")
print(gc.get_referents(iterator)[1], next(iterator), gc.get_referents(iterator)[1])
# A tuple that nobody has is filled anew, one that somebody has is not.
iterator = zip(range(4), range(4))
print(id(next(iterator)) == id(next(iterator)))
held = next(iterator)
print(next(iterator) is held, held)
# A hash that was asked for does not outlive the items.
iterator = zip([1, 2], [3, 4])
print([hash(pair) == hash((a, b)) for pair, (a, b) in zip(zip([1, 2], [3, 4]), [(1, 3), (2, 4)])])
print({hash(next(iterator)), hash(next(iterator))} == {hash((1, 3)), hash((2, 4))})


class Again:
    """Takes from the iterator that is taking from it."""

    def __init__(self):
        self.left = 3

    def __iter__(self):
        return self

    def __next__(self):
        self.left -= 1
        if self.left < 0:
            raise StopIteration
        if self.left == 1:
            print("inside", next(self.zip))
        return self.left


again = Again()
again.zip = zip(again, "abc")
print(list(again.zip))
again.zip = None


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone", self.name)


for number, loud in enumerate(Loud(i) for i in range(3)):
    print("has", number)
del loud
print("end")
