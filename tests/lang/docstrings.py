"""The module's documentation."""
print(__doc__)


def f():
    """One line."""


def g():
    """
    Indented
        text

    end
    """
    return 1


def h():
    "con" "catenated"


def no():
    f"not {1}"


def not_first():
    x = 1
    "late"


class C:
    """Class doc."""

    def m(self):
        r"""Raw \d doc."""


class D(C):
    pass


class E:
    b"bytes are not documentation"


for o in (f, g, h, no, not_first, C, C.m, D, E):
    print(o.__qualname__, repr(o.__doc__))
f.__doc__ = "changed"
print(f.__doc__)
C.__doc__ = "new class doc"
print(C.__doc__)
lam = lambda: "no doc"
print(lam.__doc__)


class P:
    @property
    def x(self):
        """Property doc."""


print(P.x.__doc__)
