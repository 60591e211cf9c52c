# oracle: 3.13
"""Reference counts inside an operator's method: the operands are owned by the caller's stack and by the parameters."""

import sys


class Number:
    def __add__(self, other):
        return sys.getrefcount(self), sys.getrefcount(other)

    __sub__ = __mul__ = __truediv__ = __mod__ = __and__ = __add__


def temporaries():
    x = Number() + Number()
    return Number() - Number(), Number() / Number(), x


def parameters(a, b):
    c = a + b
    d = a * b
    return c, d, a % b, a & b, a + 1000, a - b


def mixed(a):
    x = a + Number()
    y = Number() + a
    return x, y, a * Number(), Number() * a, Number() % a, a % Number()


one, two = Number(), Number()
print(temporaries())
print(parameters(Number(), Number())[:4])
print(parameters(one, two)[:4])
print(mixed(Number()))
print(mixed(one))
print(one + two, one - one, sys.getrefcount(one), sys.getrefcount(two))
