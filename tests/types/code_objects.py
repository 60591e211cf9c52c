# Code objects: attributes, replace, equality.
def f(a, b):
    c = a + b
    return [x + c for x in (1, 2)], "const", None


co = f.__code__
print(co.co_name, co.co_varnames, "const" in co.co_consts, co.co_argcount, co.co_nlocals)
new = co.replace(co_name="renamed", co_firstlineno=100)
print(new.co_name, new.co_firstlineno, new == co, co == f.__code__, hash(co) == hash(f.__code__))
e = compile("1 + x", "<expr>", "eval")
print(e.co_filename, e.co_name, e.co_names, eval(e, {"x": 5}), type(e).__name__, e.co_flags & 64)
m = compile("def g(): pass\ny = 3", "<mod>", "exec")
print(m.co_name, m.co_names, [c.co_name for c in m.co_consts if hasattr(c, "co_name")])
g = (i for i in ())
print(g.gi_code.co_name, g.gi_code.co_flags & 32 != 0)


async def co_f():
    pass


async def ag():
    yield


print(co_f.__code__.co_flags & 128 != 0, ag.__code__.co_flags & 512 != 0, (lambda *a, **k: 0).__code__.co_flags & 12)


def outer():
    a = 1
    b = 2

    def inner():
        nonlocal a
        return a, b
    return inner


i = outer()
print(i.__code__.co_freevars, outer.__code__.co_cellvars, [c.cell_contents for c in i.__closure__])
cell = i.__closure__[0]
cell.cell_contents = 50
print(i(), type(cell).__name__)
del cell.cell_contents
try:
    cell.cell_contents
except ValueError as err:
    print(err)
try:
    i()
except NameError as err:
    print(err)
lines = sorted({p[0] for p in co.co_positions() if p[0]})
print(lines, [l for _, _, l in co.co_lines() if l][:1], co.co_firstlineno)
try:
    exec(i.__code__)
except TypeError as err:
    print(err)
print(type(outer.__code__)(0, 0, 0, 0, 1, 0, b"", (), (), (), "f", "n", "q", 1, b"", b"").co_qualname if False else co.co_qualname)
