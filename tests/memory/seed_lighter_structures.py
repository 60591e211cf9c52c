# Lighter structures: a tuple for a list, an array for a list of numbers, a generator for a list, slots for a dict.
import sys
from array import array


class Plain:
    def __init__(self, x, y):
        self.x = x
        self.y = y


class Slotted:
    __slots__ = ["x", "y"]

    def __init__(self, x, y):
        self.x = x
        self.y = y


numbers = list(range(1000, 2000))
whole = sys.getsizeof(numbers) + sum(map(sys.getsizeof, numbers))
packed = array("i", numbers)
print("array", sys.getsizeof(packed) < whole / 5, list(packed) == numbers)
print("tuple", sys.getsizeof(tuple(numbers)) <= sys.getsizeof(numbers))
print("generator", sys.getsizeof(n for n in numbers) < sys.getsizeof(numbers))
plain, slotted = Plain(1, 2), Slotted(1, 2)
print("slots", sys.getsizeof(slotted) < sys.getsizeof(plain) + sys.getsizeof(plain.__dict__), hasattr(slotted, "__dict__"))
members = set(numbers)
print("set", 1500 in members, 3000 in members, len(set([1, 1, 2])))
