# Sequence patterns.
def m(x):
    match x:
        case []:
            return "empty"
        case [1, 2]:
            return "one two"
        case [a]:
            return f"single {a}"
        case (0, *rest):
            return f"zero then {rest}"
        case [first, *_, 9]:
            return f"{first} ... nine"
        case [[a, b], c]:
            return f"nested {a} {b} {c}"
        case a, b:
            return f"pair {a} {b}"
        case [*init, "end"]:
            return f"until end {init}"
        case [_, _, _]:
            return "three"
        case _:
            return "other"


for x in [[], (), [1, 2], (1, 2), [5], (0, 1, 2), [0], [3, 4, 9], [[1, 2], 3], [1, 3], ["x", "y", "end"], [1, 2, 3], [1, 2, 3, 4], "ab", b"ab", bytearray(b"ab"), {1, 2}, range(2), range(0), {}, None]:
    print(repr(x), "->", m(x))

match [1, [2, [3, [4]]]]:
    case [a, [b, [c, [d]]]]:
        print(a, b, c, d)
match (1, 2, 3, 4, 5):
    case [a, *mid, b]:
        print(a, mid, b)
match "x":
    case ["x"]:
        print("no: strings are not sequences here")
    case "x":
        print("string")


class NotSeq:
    def __len__(self):
        return 2

    def __getitem__(self, i):
        return i


class Sub(list):
    pass


print(m(NotSeq()) , m(Sub([1, 2])))
match (1, 2):
    case (a, b) as whole if a < b:
        print(whole, a, b)
match [1, 2]:
    case [x, 3] | [3, x]:
        print("no")
    case [x, 2] | [2, x]:
        print("x =", x)
