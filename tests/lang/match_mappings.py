# Mapping patterns.
class K:
    KEY = "k"


def m(x):
    match x:
        case {"type": "point", "x": x, "y": y}:
            return f"point {x} {y}"
        case {"type": "circle", **rest}:
            return f"circle {rest}"
        case {K.KEY: v}:
            return f"key {v}"
        case {1: _, 2: [a, b]}:
            return f"ints {a} {b}"
        case {"nested": {"deep": d}}:
            return f"deep {d}"
        case {-1: v, None: w, True: t}:
            return f"odd keys {v} {w} {t}"
        case {}:
            return "any mapping"
        case _:
            return "not a mapping"


for x in [
    {"type": "point", "x": 1, "y": 2}, {"type": "point", "x": 1}, {"type": "circle", "r": 3, "c": 4}, {"type": "circle"},
    {"k": 7}, {1: 0, 2: (3, 4)}, {1: 0, 2: 3}, {"nested": {"deep": 1}}, {-1: "a", None: "b", True: "c"}, {}, [], "s",
]:
    print(m(x))

d = {"a": 1, "b": 2, "c": 3}
match d:
    case {"a": a, **kw}:
        print(a, kw, d)


class Default(dict):
    def __missing__(self, key):
        return "made"


match Default():
    case {"x": v}:
        print("no")
    case _:
        print("missing is not called")
try:
    k = "a"
    match d:
        case {K.KEY: 1, "k": 2}:
            pass
except ValueError as e:
    print(e)
else:
    print("no duplicate check without a match")
