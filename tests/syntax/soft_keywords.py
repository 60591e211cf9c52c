# match, case, type, _ as plain names everywhere.
match, case, type, _ = 1, 2, 3, 4
print(match, case, type, _)


def match(case, type=0, *_, **kw):
    return case, type, _, kw


print(match(1), match(case=5, type=6), match(1, 2, 3, match=4))


class case:
    type = 7
    match = [8]

    def case(self):
        return self.match


print(case().case(), case.type, case().match[0])
print(match (1), match(1)[0], [match for match in range(2)], {type: 1 for type in "a"}, (lambda match: match)(9))
type = {"a": 1}
print(type ["a"])
type: int = 5
print(type)
type = [[1]]
match = lambda *a: a
print(match(*[1]), match (-1), match [0] if False else "x")
for match in [1]:
    pass
with open("/dev/null") as case:
    print("opened")
import sys as match
print(match.__name__)
match match:
    case _:
        print("a real match")
