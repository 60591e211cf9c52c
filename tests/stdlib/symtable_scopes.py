# The compiler's tables of blocks and names, as the module symtable shows them.
import _symtable
import symtable

SOURCE = '''
def f[T: int = 3](a: T, *b, c=1, **d) -> int:
    global g
    x: int = 1
    def inner(): return x
    lambda q: (q, a)
    [i for i in a if (w := i)]
    (z for z in a)
    {k: v for k, v in a}
    [lambda: t for t in a]
@deco
class C[U]:
    attr: str
    def m(self): return __class__, super()
type A[V] = list[V]
import os.path
async def co(): await x
y: int
'''


def show(table, depth=0):
    symbols = {name: (bits & 0xFFF, bits >> 12) for name, bits in table.symbols.items()}
    print("  " * depth + table.name, table.type, table.lineno, bool(table.nested), table.varnames, symbols)
    for child in table.children:
        show(child, depth + 1)


top = _symtable.symtable(SOURCE, "<x>", "exec")
show(top)
print(type(top), repr(top).split("(")[0], type(top.id))
table = symtable.symtable(SOURCE, "<x>", "exec")
print(table, table.get_type(), table.get_name(), table.has_children(), sorted(table.get_identifiers()))
inside = table.lookup("f").get_namespaces()
print(inside)
for symbol in sorted(inside[0].get_symbols(), key=lambda s: s.get_name()):
    print(symbol, symbol.is_parameter(), symbol.is_local(), symbol.is_type_parameter())
for args in (("x", "f", "bad"), ("x=", "f", "exec"), (1, "f", "exec"), ("x\0", "f", "exec"), ("def f(a, a): pass", "f", "exec")):
    try:
        print(_symtable.symtable(*args))
    except Exception as e:
        print(type(e).__name__, e)
try:
    type(top)()
except TypeError as e:
    print(e)
