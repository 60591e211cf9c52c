# The words of TypeError when a call does not fit.
five, text, nothing = 5, "s", None


def one(a):
    pass


def two(a, b):
    pass


def opt(a, b=1, c=2):
    pass


def kw(*, x, y, z):
    pass


def none():
    pass


class C:
    def m(self, a):
        pass

    @classmethod
    def c(cls, a):
        pass

    @staticmethod
    def s(a):
        pass


class I:
    def __init__(self, a):
        pass


for call in [
    lambda: one(), lambda: two(), lambda: two(1), lambda: two(1, 2, 3), lambda: opt(), lambda: opt(1, 2, 3, 4),
    lambda: kw(), lambda: kw(x=1), lambda: kw(x=1, y=2), lambda: kw(1, 2, x=3), lambda: none(1), lambda: none(a=1),
    lambda: C().m(), lambda: C().m(1, 2), lambda: C.m(1), lambda: C.c(), lambda: C.s(), lambda: I(), lambda: I(1, 2),
    lambda: C(1), lambda: C(a=1), lambda: object(1), lambda: one(1, b=2), lambda: one(1, aa=2), lambda: two(a=1, c=2),
    lambda: five(), lambda: text(1), lambda: nothing(), lambda: [].append(), lambda: [].append(1, 2), lambda: len(), lambda: len(1, 2),
    lambda: len(obj=1), lambda: int(1, 2, 3), lambda: "".join(), lambda: {}.get(), lambda: isinstance(1), lambda: print(1, foo=2),
]:
    try:
        call()
        print("no error")
    except TypeError as e:
        print(e)
