"""attrs: classes with validators, converters, frozen and slotted ones, evolve and asdict."""

import attr
from attrs import Factory, asdict, astuple, define, evolve, field, fields, frozen, validators


@define
class Point:
    x: int = field(converter=int, validator=validators.ge(0))
    y: int = field(default=0, validator=validators.instance_of(int))
    tags: list = Factory(list)

    @y.validator
    def _even(self, attribute, value):
        if value % 2:
            raise ValueError(f"{attribute.name} must be even")


@frozen(order=True)
class Version:
    major: int
    minor: int = 0


@attr.s(auto_attribs=True, slots=True, hash=True)
class Old:
    name: str
    number: int = attr.ib(default=3, repr=lambda n: f"<{n}>")


p = Point("3", 4)
print(p, asdict(p), astuple(p))
for bad in ((-1, 0), (1, 3), (1, "a")):
    try:
        Point(*bad)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, str(e).split("\n")[0][:60])
q = evolve(p, x=10)
print(q, p == q, p == Point(3, 4))
print(sorted([Version(1, 5), Version(1), Version(0, 9)]))
try:
    Version(1).major = 2
except attr.exceptions.FrozenInstanceError as e:
    print(type(e).__name__)
print([f.name for f in fields(Point)], Old("a"), hash(Old("a")) == hash(Old("a")))
print(hasattr(p, "__dict__"), Point.__slots__)
