# Texts of unsupported operands for every operator.
import operator


class A: pass


ops = ["+", "-", "*", "/", "//", "%", "**", "@", "<<", ">>", "&", "|", "^", "<", "<=", ">", ">="]
for op in ops:
    for left, right in [("1", "'a'"), ("A()", "1"), ("[]", "{}"), ("None", "None")]:
        try:
            eval(f"{left} {op} {right}")
            print(left, op, right, "works")
        except TypeError as e:
            print(left, op, right, "->", e)
for u in ["-", "+", "~"]:
    for v in ["'a'", "[]", "None", "A()", "{}"]:
        try:
            eval(u + v)
        except TypeError as e:
            print(e)
print(operator.add(1, 2), operator.itemgetter(1)([5, 6]), operator.attrgetter("real")(3))
