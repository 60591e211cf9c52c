# Texts when something cannot be iterated, unpacked or called.
class A: pass


def star(*a): pass


for act in [lambda: list(5), lambda: [*5], lambda: star(*5), lambda: star(**5), lambda: dict(5), lambda: set(None), lambda: tuple(1.5), lambda: sum(5), lambda: max(5), lambda: sorted(A()), lambda: "".join(5), lambda: zip(5), lambda: map(len, 5), lambda: enumerate(5), lambda: iter(5), lambda: next(5), lambda: 1 in 5, lambda: all(5), lambda: {**5}, lambda: (lambda a, b: 0)(*[1]), lambda: [x for x in 5], lambda: {k: v for k, v in [1]}, lambda: dict([1]), lambda: reversed(5), lambda: bytes(A()), lambda: list(A), lambda: frozenset(5), lambda: A()(), lambda: (1)(2), lambda: star(**{1: 2}), lambda: star(**{"a": 1}), lambda: next(iter([])), lambda: min(*[]), lambda: print(*5)]:
    try:
        act()
        print("works")
    except (TypeError, StopIteration, ValueError) as e:
        print(type(e).__name__, str(e).replace("<lambda>.<locals>.", ""))


def unpack(v):
    a, b = v


for v in (5, None, [1], [1, 2, 3], "a", "abc", {}, A(), (x for x in range(9))):
    try:
        unpack(v)
    except (TypeError, ValueError) as e:
        print(e)
