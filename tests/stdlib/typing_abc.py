# abc and typing.
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence, Sized
from typing import Any, Generic, NamedTuple, Optional, Protocol, TypeVar, get_type_hints, runtime_checkable


class Shape(ABC):
    @abstractmethod
    def area(self): ...


try:
    Shape()
except TypeError as e:
    print(e)


class Sq(Shape):
    def area(self):
        return 4


print(Sq().area(), isinstance([], Iterable), isinstance(5, Sized), issubclass(list, Sequence))
T = TypeVar("T")


class Box(Generic[T]):
    def f(self, x: T, y: Optional[int] = None) -> list[Any]: ...


print(Box[int], get_type_hints(Box.f), Optional[int])


class P(NamedTuple):
    x: int
    y: int = 2


print(P(1), P(1).y)


@runtime_checkable
class HasArea(Protocol):
    def area(self): ...


print(isinstance(Sq(), HasArea), isinstance(5, HasArea))
