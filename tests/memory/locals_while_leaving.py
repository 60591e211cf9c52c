"""A finaliser that runs while a frame gives up its locals: it sees none that is gone already."""

import sys


class Looks:
    def __del__(self):
        seen = sys._getframe(1).f_locals
        left = [(name, type(seen[name]).__name__) for name in ("second", "third") if name in seen]
        print("gone, still there:", left)


class Initialised:
    def __init__(self, n):
        first = Looks()
        second = n + 0.5
        third = n * 1000


class Called:
    def __call__(self, n):
        first = Looks()
        second = n + 0.5
        return second


def gives_local(n):
    first = Looks()
    second = n + 0.5
    third = n * 1000
    return n


def gives_nothing(n):
    first = Looks()
    second = n * 1000
    third = n + 0.5


def gives_value(n):
    first = Looks()
    second = n * 1000
    return n + 0.5


def main():
    called = Called()
    for i in range(3):
        gives_local(i)
        gives_nothing(i)
        gives_value(i)
        Initialised(i)
        called(i)


main()
