"""Operators whose methods are Python functions: what they give, and what goes first afterwards."""

import sys


class Number:
    def __init__(self, name):
        self.name = name

    def __add__(self, other):
        return Number(self.name + other.name)

    def __sub__(self, other):
        return NotImplemented

    def __mul__(self, other):
        return Number(self.name * other)

    def __truediv__(self, other):
        raise ZeroDivisionError(self.name)

    def __mod__(self, other):
        yield self.name

    def __matmul__(self, other):
        frame = sys._getframe()
        print(frame.f_code.co_name, frame.f_back.f_code.co_name, sorted(frame.f_locals))
        del frame

    def __del__(self):
        print("gone:", self.name)


class Right(Number):
    def __rsub__(self, other):
        return 5


def pushed():
    return Number("a") + Number("b")


def stored():
    x = Number("old")
    x = Number("c") + Number("d")
    return x


def locals_only(a, b):
    c = a + b
    d = a * 2
    e = 2.5
    e = a * 3
    return c, d, e


def refused(a, b):
    for left, right in ((a, b), (a, 1), (a, 2.5), (a, "s")):
        try:
            print(left - right)
        except TypeError as error:
            print(error)
    try:
        print(Number("x") - Number("y"))
    except TypeError as error:
        print(error)
    print(a - Right("r"))


def failing(a):
    try:
        a / Number("divisor")
    except ZeroDivisionError as error:
        print("raised", error, error.__traceback__.tb_next.tb_frame.f_code.co_name)


def deep(a, n):
    class Deep:
        def __add__(self, n):
            return n if n == 0 else (self + (n - 1)) + 1 if False else self + (n - 1)

    return Deep() + n


print(pushed().name)
print(stored().name)
print([n.name for n in locals_only(Number("e"), Number("f"))])
refused(Number("g"), Number("h"))
failing(Number("i"))
print(next(Number("j") % 1))
print(Number("k") @ Number("l"))
print(deep(1, 100))
try:
    deep(1, 10**6)
except RecursionError as error:
    print(type(error).__name__)


class Swapped:
    def __add__(self, other):
        return (other, "left")


class Base:
    def __add__(self, other):
        return "base"


class Derived(Base):
    def __radd__(self, other):
        return "derived first"


print(Swapped() + 1, Base() + Derived(), Derived() + Base(), Base() + 1)
Base.__add__ = lambda self, other: "changed"
print(Base() + 1)
Base.__add__ = 5
try:
    Base() + 1
except TypeError as error:
    print(error)


class Store:
    def __init__(self, result):
        self.result = result

    def __setitem__(self, key, value):
        print("set", key, value.name)
        return self.result

    def __del__(self):
        print("store gone")


def store(result):
    Store(result)[Number("key").name] = Number("value")
    s = Store(result)
    s[1, 2] = Number("other")
    try:
        s[1] = 5
    except AttributeError as error:
        print(error)


store(None)
store(Number("result"))
Store.__setitem__ = lambda self, key, value: (yield)
Store(1)[1] = 2
