# co_consts holds what instructions load from there: ints of a byte stand in the instructions, but for the first constant.
import dis


def f(x):
    "text"
    a, b, c = 1, 300, "c"
    return x + 256 + 5, "end"


def g():
    return 7


def h():
    for i in range(255):
        print(256, i, 3)


for function in (f, g, h):
    code = function.__code__
    print(code.co_consts)
    assert code.co_consts is code.co_consts
    print([i.argval for i in dis.get_instructions(function) if i.opname in ("LOAD_CONST", "LOAD_SMALL_INT")])

other = f.__code__.replace(co_consts=tuple("START" if c == "end" else 301 if c == 300 else c for c in f.__code__.co_consts))
print(other.co_consts)
again = other.replace(co_consts=tuple(2 if c == 301 else c for c in other.co_consts))
print(again.co_consts)
f.__code__ = other
print(f(1))
f.__code__ = again.replace(co_consts=again.co_consts + ("more",))
print(f(1), f.__code__.co_consts)
