"""abc: abstract methods, registration, caches, what patterns ask."""

import abc
import collections.abc
import gc


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...

    @property
    @abc.abstractmethod
    def name(self): ...


class Half(Shape):
    def area(self): ...


for cls in (Shape, Half):
    try:
        cls()
    except TypeError as error:
        print(error)
print(sorted(Half.__abstractmethods__), Shape.__abstractmethods__ == {"area", "name"})


class Other: ...


token = abc.get_cache_token()
print(issubclass(Other, Shape), Shape.register(Other) is Other, issubclass(Other, Shape), isinstance(Other(), Shape))
print(abc.get_cache_token() == token)
for wrong in (1, Shape):
    try:
        Shape.register(wrong)
    except Exception as error:
        print(repr(error))
try:
    Half.register(Shape)
except Exception as error:
    print(repr(error))


class Sized:
    def __len__(self):
        return 0


class Row(Sized):
    def __getitem__(self, i):
        raise IndexError


def kind(x):
    match x:
        case [*_]:
            return "sequence"
        case {}:
            return "mapping"
    return None


print(isinstance(Sized(), collections.abc.Sized), kind(Row()))
collections.abc.Sequence.register(Row)
print(kind(Row()), isinstance(Row(), collections.abc.Reversible))
# A class that has gone is forgotten.
Gone = type("Gone", (), {})
Shape.register(Gone)
del Gone
gc.collect()
print(issubclass(int, Shape))
