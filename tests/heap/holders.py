"""heap.holders() names every place that owns a reference; the counts add up to sys.getrefcount()."""

import heap
import sys
from collections import deque


class Target:
    pass


class Slotted:
    __slots__ = ("x", "__weakref__")


class Plain:
    pass


def places(target):
    """Kinds and names of all holders but those that every call here has: parameter and stack."""
    found = heap.holders(target)
    assert sum(h.count for h in found) == sys.getrefcount(target), found
    return sorted(
        (h.kind, str(h.name) if isinstance(h.name, (str, int)) else h.name)
        for h in found
        if h.kind not in ("local", "stack")
    )


target = Target()
assert places(target) == [("value", "target")]

# Containers, untracked tuples included.
pair = (target, 1)
items = [0, target, target]
table = {"k": target}
keyed = {target: 1}
unique = {target}
frozen = frozenset([target])
queue = deque([target])
assert places(target) == [
    ("element", None),
    ("element", None),
    ("field", None),
    ("item", "0"),
    ("item", "1"),
    ("item", "2"),
    ("key", None),
    ("value", "k"),
    ("value", "target"),
], places(target)
owners = {id(h.owner) for h in heap.holders(target)}
for container in (pair, items, table, keyed, unique, frozen, queue):
    assert id(container) in owners
del pair, items, table, keyed, unique, frozen, queue, owners, container
assert places(target) == [("value", "target")]

# Attributes: inline, of a __dict__, in slots.
plain, other, slotted = Plain(), Plain(), Slotted()
plain.attr = target
other.value = target
other.__dict__
slotted.x = target
assert places(target) == [
    ("attribute", "attr"),
    ("attribute", "x"),
    ("value", "target"),
    ("value", "value"),
], places(target)
assert [h.kind for h in heap.holders(other.__dict__) if h.owner is other] == ["dict"]
assert [h.kind for h in heap.holders(Plain) if h.owner is plain] == ["class"]
del plain, other, slotted


# Cells, default values, bound methods, generators, exceptions.
def closure(x):
    return lambda: x


def default(x=target):
    pass


def generator(x):
    yield [x][0]


held = closure(target)
running = generator(target)
next(running)
error = ValueError(target)
found = places(target)
assert ("field", "cell_contents") in found, found
assert ("item", "0") in found, found  # __defaults__ and the arguments of the error
[of_generator] = [h for h in heap.holders(target) if h.owner is running]
assert (of_generator.kind, of_generator.name) == ("local", "x")
del held, running, error, default, of_generator


# Frames: locals by name, values on the evaluation stack, whoever is called.
def inner(argument):
    return [(h.kind, h.owner.__name__ if h.owner is not None and hasattr(h.owner, "__name__") else None, h.name)
            for h in heap.holders(argument)]


def outer(variable):
    return inner(variable)


found = outer(target)
assert ("local", "inner", "argument") in found, found
assert ("local", "outer", "variable") in found, found


def evaluation():
    fresh = Target()
    return [fresh, len([fresh]), heap.holders(fresh)][2]


kinds = [h.kind for h in evaluation()]
assert kinds.count("local") == 1 and kinds.count("stack") == 2, kinds

# A native function that holds it.
native = []


class Key:
    def __lt__(self, other):
        native.extend(heap.holders(self))
        return False


sorted([Key(), Key()])
assert any(h.kind in ("native", "item", "field") for h in native), native
