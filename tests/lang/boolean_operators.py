# and / or / not return operands and short-circuit.
def v(x):
    print("v", x, end="; ")
    return x


print(v(1) and v(2))
print(v(0) and v(2))
print(v(0) or v("x"))
print(v([]) or v({}) or v(()))
print(v(1) and v("") and v(3))
print(v(1) or v(2) and v(3))
print((v(0) or v(2)) and v(3))
print(not v(0), not v("a"))
print(not v(0) and v(5))
print(1 and 2 or 3, 0 and 2 or 3, None or False, False or None)


class Weird:
    def __bool__(self):
        return 1


try:
    if Weird():
        pass
except TypeError as e:
    print(e)


class BadLen:
    def __len__(self):
        return -1


try:
    not BadLen()
except ValueError as e:
    print(e)


class Fail:
    def __bool__(self):
        raise RuntimeError("no truth")


try:
    Fail() or 1
except RuntimeError as e:
    print(e)
print(True + True, True & False, True ^ True)
a = 1 < 2 and 3 < 4
print(a, type(a).__name__)
