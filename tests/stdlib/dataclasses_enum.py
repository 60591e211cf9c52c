# dataclasses and enum.
from dataclasses import asdict, dataclass, field, replace
from enum import Enum, Flag, IntEnum, auto


@dataclass(order=True)
class P:
    x: int
    y: int = 0
    tags: list = field(default_factory=list, compare=False)


p = P(1, 2)
print(p, p == P(1, 2), p < P(2), asdict(p), replace(p, x=9))


@dataclass(frozen=True, slots=True)
class F:
    a: int


try:
    F(1).a = 2
except Exception as e:
    print(type(e).__name__, e)
print(hash(F(1)) == hash(F(1)), hasattr(F(1), "__dict__"))


class Color(Enum):
    RED = 1
    GREEN = auto()

    @property
    def lower(self):
        return self.name.lower()


print(Color.RED, repr(Color.GREEN), Color(1), Color["GREEN"].value, list(Color), Color.RED.lower, Color.RED is Color(1))
try:
    Color(9)
except ValueError as e:
    print(e)


class Perm(Flag):
    R = auto()
    W = auto()


print(Perm.R | Perm.W, Perm.R in (Perm.R | Perm.W), (Perm.R & Perm.W).value)


class N(IntEnum):
    ONE = 1


print(N.ONE + 1, N.ONE == 1)
