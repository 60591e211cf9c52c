# match with literals, constants, alternatives, guards.
class K:
    RED = "r"
    N = 5


def m(x):
    match x:
        case 0:
            return "zero"
        case -1:
            return "minus one"
        case 1.5 | 2.5:
            return "halves"
        case 3 + 4j | -2j:
            return "complex"
        case "hi" 'there':
            return "concatenated"
        case b"x":
            return "bytes"
        case None:
            return "None"
        case True:
            return "True"
        case False:
            return "False"
        case K.RED:
            return "red"
        case K.N | 6 | 7:
            return "5-7"
        case str() if len(x) > 5:
            return "long string"
        case int(n) if n > 100:
            return f"big {n}"
        case _:
            return "other"


for x in [0, 0.0, -1, 1, 1.5, 2.5, 3 + 4j, -2j, "hithere", b"x", None, True, False, "r", 5, 6, "longer string", 101, 50, [], False == 0]:
    print(repr(x), m(x))


def no_match(x):
    match x:
        case 1:
            print("one")
    return "done"


print(no_match(1), no_match(2))
match 5, 6:
    case 5, 6:
        print("tuple subject")
match *[1, 2], 3:
    case [*a]:
        print(a)
match (y := 4):
    case z:
        print(y, z)
match = {"case": 1}
case = "soft"
print(match["case"], case)
match match:
    case {"case": case}:
        print(case)
_ = 3
match 9:
    case _:
        print(_)
