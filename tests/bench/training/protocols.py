"""Trains abstract classes, runtime protocols, descriptors and functools."""

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Mapping, MutableSequence, Sized
from functools import (cached_property, cmp_to_key, lru_cache, partial, partialmethod, reduce,
                       singledispatch, singledispatchmethod, wraps)
from typing import Generic, NamedTuple, Protocol, TypeVar, runtime_checkable

T = TypeVar("T")


@runtime_checkable
class Drawable(Protocol):
    def draw(self) -> str: ...


@runtime_checkable
class Named(Protocol):
    name: str


class Shape(ABC):
    registry = {}

    def __init_subclass__(cls, /, corners=0, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.corners = corners
        Shape.registry[cls.__name__.lower()] = cls

    @property
    @abstractmethod
    def area(self): ...

    def draw(self):
        return f"{type(self).__name__}:{self.area}"


class Positive:
    def __set_name__(self, owner, name):
        self.slot = "_" + name

    def __get__(self, instance, owner=None):
        return self if instance is None else getattr(instance, self.slot)

    def __set__(self, instance, value):
        if value < 0:
            raise ValueError(self.slot)
        setattr(instance, self.slot, value)


class Box(Shape, corners=4):
    width = Positive()
    height = Positive()

    def __init__(self, width, height):
        self.width = width
        self.height = height

    @cached_property
    def area(self):
        return self.width * self.height

    def grown(self, width=0, height=0):
        return type(self)(self.width + width, self.height + height)

    wider = partialmethod(grown, 1)


class Square(Box, corners=4):
    name = "square"

    def __init__(self, side, _=None):
        super().__init__(side, side)


class Size(NamedTuple):
    width: int
    height: int = 2

    @property
    def ratio(self):
        return self.width // (self.height or 1)


class Stack(MutableSequence, Generic[T]):
    def __init__(self, items=()):
        self.items = list(items)

    def __getitem__(self, at):
        return self.items[at]

    def __setitem__(self, at, value):
        self.items[at] = value

    def __delitem__(self, at):
        del self.items[at]

    def __len__(self):
        return len(self.items)

    def insert(self, at, value):
        self.items.insert(at, value)


@singledispatch
def measure(value):
    return 1


@measure.register
def _(value: int):
    return value % 100


@measure.register(str)
@measure.register(bytes)
def _(value):
    return len(value)


@measure.register
def _(value: Mapping):
    return sum(measure(key) * measure(item) for key, item in value.items())


@measure.register(list)
@measure.register(Stack)
def _(value):
    return sum(map(measure, value))


class Visitor:
    @singledispatchmethod
    def visit(self, value):
        return "?"

    @visit.register
    def _(self, value: Shape):
        return value.draw()

    @visit.register
    def _(self, value: tuple):
        return "/".join(self.visit(item) for item in value)


def counted(function=None, *, step=1):
    if function is None:
        return partial(counted, step=step)

    @wraps(function)
    def wrapper(*args, **kwargs):
        wrapper.calls += step
        return function(*args, **kwargs)

    wrapper.calls = 0
    return wrapper


@counted(step=2)
def combine(first, /, *rest, sep="-", **options):
    return sep.join([str(first), *map(str, rest), *(f"{k}={v}" for k, v in options.items())])


def compose(*functions):
    return reduce(lambda f, g: lambda x: g(f(x)), functions)


def compare(a, b):
    return (a % 10 > b % 10) - (a % 10 < b % 10) or b - a


@lru_cache(maxsize=32)
def classify(kind):
    abilities = (Iterable, Sized, Hashable, Callable, Mapping)
    return sum(issubclass(kind, ability) << n for n, ability in enumerate(abilities))


def main(scale):
    total = 0
    visitor = Visitor()
    transform = compose(abs, partial(pow, exp=2), lambda x: x + 1, str, len)
    for seed in range(240 * scale):
        box, square, size = Box(seed % 9, 3), Square(seed % 7), Size(seed % 11)
        stack = Stack([seed, "abc", b"xy", {"k": seed, 2: 3}, [1, 2], 2.5])
        stack.append(seed + 1)
        stack.reverse()
        stack.extend((1, stack.pop()))
        things = (box, square, size, stack, seed, "text", Square, None)
        try:
            box.height = -seed
        except ValueError as error:
            total += len(str(error))
        try:
            Shape()
        except TypeError:
            total += 1
        figures = (sum(isinstance(thing, Drawable) for thing in things),
                   sum(isinstance(thing, Named) for thing in things),
                   sum(isinstance(thing, (Sized, Iterable)) for thing in things),
                   sum(classify(type(thing)) for thing in things), measure(stack),
                   len(visitor.visit((box, square, (seed, box.wider(height=2))))),
                   len(combine(seed, *range(4), sep="+", key=size.ratio, **size._asdict())),
                   Shape.registry["square"].corners, square.area + box.area, transform(-seed),
                   sorted(range(seed, seed + 25), key=cmp_to_key(compare))[seed % 25],
                   hash(size) == hash((seed % 11, 2)), *size._replace(height=seed))
        for figure in figures:
            total = (total * 73 + figure) % 1_000_003
    print("protocols", total, combine.calls, combine.__name__)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
