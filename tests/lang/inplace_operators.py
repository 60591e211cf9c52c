# In-place methods and their fallbacks.
OPS = ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "lshift", "rshift", "and", "or", "xor", "matmul"]


class Both:
    pass


class Only:
    pass


for op in OPS:
    setattr(Both, f"__i{op}__", lambda self, o, op=op: (print("in-place", op, o), self)[1])
    setattr(Both, f"__{op}__", lambda self, o, op=op: f"binary {op}")
    setattr(Only, f"__{op}__", lambda self, o, op=op: f"binary {op} {o}")

symbols = ["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@"]
for s in symbols:
    ns = {"x": Both(), "y": Only()}
    exec(f"x {s}= 5\ny {s}= 6", ns)
    print(type(ns["x"]).__name__, ns["y"])


class Declines:
    def __iadd__(self, o):
        return NotImplemented

    def __add__(self, o):
        return f"add {o}"


d = Declines()
d += 1
print(d)


class Refuses:
    __iadd__ = None

    def __add__(self, o):
        return 1


r = Refuses()
try:
    r += 1
except TypeError as e:
    print(e)
for s in symbols:
    try:
        exec(f"x = None\nx {s}= 1")
    except TypeError as e:
        print(e)


class Right:
    def __radd__(self, o):
        return f"radd {o}"


v = 3
v += Right()
print(v)


class Weird:
    def __iadd__(self, o):
        return "something else"


w = Weird()
w += 1
print(w)
