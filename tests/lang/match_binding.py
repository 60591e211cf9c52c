# Names bound by patterns, or-patterns, as, guards, order of evaluation.
class Log:
    __match_args__ = ("a", "b")

    def __init__(self, a, b):
        self._a, self._b = a, b

    @property
    def a(self):
        print("get a", end="; ")
        return self._a

    @property
    def b(self):
        print("get b", end="; ")
        return self._b


def m(v):
    match v:
        case Log(1, 2):
            return "1 2"
        case Log(1, b=3 | 4 as n):
            return f"1 {n}"
        case Log(a=x):
            return f"a {x}"


for v in (Log(1, 2), Log(1, 4), Log(7, 8)):
    print(m(v))


def bind(v):
    match v:
        case [x, y] if x > y:
            pass
        case [x, z]:
            pass
    return sorted(k for k in locals() if k != "v")


print(bind([2, 1]), bind([1, 2]), bind(5))
match {"op": "add", "args": [1, 2, 3]}:
    case {"op": ("add" | "sub") as op, "args": [first, *more] as args}:
        print(op, first, more, args)
match ("go", "north"):
    case ("go", ("north" | "south") as direction) | ("walk", direction):
        print(direction)


class Eq:
    def __eq__(self, other):
        print("eq", other, end="; ")
        return other == 2


match Eq():
    case 1:
        print("one")
    case 2:
        print("two")
x = "outer"
match [1]:
    case [x] if x > 5:
        pass
print(x)
match (1, (2, (3,))):
    case (a, (b, (c,) as inner) as middle) as all_:
        print(a, b, c, inner, middle, all_)
