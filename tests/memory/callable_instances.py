# oracle: 3.13
"""Objects with a `__call__` in Python, called in loops: arguments, counts, what goes first, errors and generators."""

import sys


class Adder:
    def __init__(self, n):
        self.n = n

    def __call__(self, x):
        return self.n + x

    def __del__(self):
        print("gone:", self.n)


class Counting:
    def __call__(self, *, pad=None):
        return sys.getrefcount(self)

    def three(self):
        return sys.getrefcount(self)


class Defaults:
    def __call__(self, a, b=2):
        return a, b


class Endless:
    def __call__(self, n):
        for i in range(n):
            yield i


class Deep:
    def __call__(self, n):
        return self(n + 1)


class Meta(type):
    def __call__(cls, x):
        return cls.__name__, x


class Made(metaclass=Meta):
    pass


def total():
    add = Adder(1)
    s = 0
    for i in range(50):
        s += add(i)
    return s


def temporaries():
    return [Adder(10)(i) for i in range(3)]


def swapped():
    add = Adder("x")
    results = []
    for i in range(6):
        results.append(add(str(i)))
        if i == 2:
            Adder.__call__ = lambda self, x: (self.n, x)
        if i == 4:
            del add.n
            add.n = "y"
    return results


def wrong():
    add = Adder("w")
    for args in ((), (1, 2), (None,)):
        try:
            add(*args)
        except TypeError as e:
            print("TypeError:", e)
    for i in range(3):
        try:
            add()
        except TypeError as e:
            print(e)
        try:
            add(1, 2)
        except TypeError as e:
            print(e)


def main():
    print(total())
    print(temporaries())
    counted = Counting()
    print([counted() == counted.three() for _ in range(4)])
    print([Defaults()(i) for i in range(3)], [Defaults()(i, i) for i in range(2)])
    print([list(Endless()(i)) for i in range(4)])
    print([Made(i) for i in range(3)])
    try:
        Deep()(0)
    except RecursionError as e:
        print("RecursionError:", e)
    wrong()
    print(swapped())


main()
