"""Trains copy, pprint and json over nested structures and own classes."""

import copy
import json
import pprint
import sys
from dataclasses import asdict, astuple, dataclass, field


@dataclass
class Part:
    name: str
    weight: float
    parts: list = field(default_factory=list)
    tags: dict = field(default_factory=dict)


class Registry:
    def __init__(self, owner):
        self.owner = owner
        self.parts = {}
        self.first = None
        self.cache = {"volatile": True}

    def add(self, part):
        self.parts[part.name] = part
        self.first = self.first or part

    def __getstate__(self):
        state = self.__dict__.copy()
        del state["cache"]
        return state

    def __setstate__(self, state):
        self.__dict__.update(state)
        self.cache = {}


class Pair:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right

    def __reduce__(self):
        return Pair, (self.left, self.right)

    def __eq__(self, other):
        return isinstance(other, Pair) and (self.left, self.right) == (other.left, other.right)


class Shared:
    def __init__(self, value):
        self.value = value

    def __copy__(self):
        return Shared(self.value)

    def __deepcopy__(self, memo):
        memo[id(self)] = self
        return self


def assembly(depth, seed):
    part = Part(f"p{seed % 1000}", seed % 17 / 4, tags={"depth": depth, "even": seed % 2 == 0})
    if depth:
        part.parts = [assembly(depth - 1, seed * 3 + i) for i in range(2)]
    return part


def weigh(part):
    return part.weight + sum(weigh(inner) for inner in part.parts)


def encode(value):
    if isinstance(value, Part):
        return {"__part__": list(astuple(value)[:2]), "tags": value.tags}
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, complex):
        return [value.real, value.imag]
    raise TypeError(f"cannot encode {type(value).__name__}")


def decode(found):
    if "__part__" in found:
        return Part(*found["__part__"], tags=found["tags"])
    return found


def document(seed):
    return {
        "title": f'Catalogue "{seed}" — größer\n',
        "pages": [{"number": n, "lines": [f"line {i}" for i in range(3)], "done": None}
                  for n in range(4)],
        "prices": {str(n): n * seed / 8 for n in range(6)},
        "flags": [True, False, None, -seed, seed * 1e10, 10**20 + seed],
        "marks": {seed % 7, 3, 9},
        "at": complex(seed, 0.5),
        "part": assembly(1, seed),
    }


class Marked(json.JSONEncoder):
    def default(self, value):
        return {"kind": type(value).__name__, "value": encode(value)}


def copies(seed):
    part = assembly(3, seed)
    registry = Registry("me")
    registry.add(part)
    shared = Shared([seed])
    ring = [part, Pair(seed, (1, 2)), shared, shared, {1: {2: {3: bytearray(b"abc")}}}]
    ring.append(ring)
    twin = copy.deepcopy(ring)
    assert twin[-1] is twin and twin[2] is shared and twin[1] == ring[1]
    assert twin[0] == part and twin[0].parts[0] is not part.parts[0]
    fresh = copy.deepcopy(registry)
    flat = copy.copy(registry)
    assert fresh.first is fresh.parts[part.name] and flat.first is part
    assert copy.copy(shared).value is shared.value and not fresh.cache
    lists = [copy.copy(kind) for kind in ([1, seed], {seed}, {"a": seed}, (1,), bytearray(3))]
    return round(weigh(twin[0]) * 4) + len(asdict(part)) + len(lists) + sum(lists[0])


def main(scale):
    total = 0
    for seed in range(32 * scale):
        value = document(seed)
        plain = json.dumps(value, default=encode)
        pretty = json.dumps(value, default=encode, indent=2, sort_keys=True, ensure_ascii=False)
        marked = json.dumps(value, cls=Marked, separators=(",", ":"))
        back = json.loads(pretty, object_hook=decode)
        assert isinstance(back["part"], Part) and back["title"] == value["title"]
        ints = json.loads(plain, parse_float=lambda text: int(float(text)))
        shown = pprint.pformat(json.loads(marked), width=60, compact=True)
        try:
            json.loads(plain[: 40 + seed % 50])
        except json.JSONDecodeError as error:
            total += error.pos + error.colno
        figures = (len(plain), len(pretty), len(marked), len(shown.splitlines()),
                   sum(ints["prices"].values()), copies(seed), len(pprint.pformat(value["pages"])))
        for figure in figures:
            total = (total * 47 + figure) % 1_000_003
    print("copying", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
