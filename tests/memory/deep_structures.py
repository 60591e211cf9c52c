# Deep structures of every kind are released without trouble.
import functools

N = 200_000


class Node:
    def __init__(self, next):
        self.next = next


class Slotted:
    __slots__ = ("next",)

    def __init__(self, next):
        self.next = next


def closure(x):
    return lambda: x


def gen(x):
    yield x


def deep(make):
    x = None
    for _ in range(N):
        x = make(x)
    return x


for name, make in {
    "list": lambda x: [x],
    "tuple": lambda x: (x,),
    "dict": lambda x: {0: x},
    "instance": Node,
    "slotted": Slotted,
    "closure": closure,
    "generator": gen,
    "partial": lambda x: functools.partial(print, x),
    "iterator": lambda x: iter([x]),
    "exception": lambda x: ValueError(x),
}.items():
    x = deep(make)
    del x
    print(name)
# sweep: not collect (a collection of a deep structure at each step)
# sweep: not malloc (a page for each of a million blocks)
