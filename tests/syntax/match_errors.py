# Mistakes in patterns.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


for p in ["x | 1", "1 | x", "_ | 1", "1 | _", "x | y", "[a] | [b]", "[a, a]", "A(a, a)", "{1: a, 2: a}", "A(x=1, x=2)", "{1: 1, 1: 2}", "{'a': 1, 'a': 2}", "[*a, *b]", "{**a, 1: 2}", "{**a, **b}", "{**_}", "{*a}", "a.b", "a.b()", "a().b", "a + b", "1 + 2", "1 + 2j", "-1", "+1", "- a", "--1", "1j + 1", "f'a'", "f'{x}'", "t'a'", "'a' 'b'", "b'a'", "None", "...", "x as 1", "x as _", "1 as x", "x as y.z", "_ as x", "x as y", "A(1, a=2)", "A(a=1, 2)", "A(*a)", "A(**a)", "A(a.b=1)", "lambda: 1", "x if y", "[x for x in y]", "{x}", "(x)", "(x,)", "()", "*x", "*x,", "[*_, 1]", "{a: 1}", "{A.B: 1}", "{-1: x}", "{1 + 2j: x}", "{None: x}", "{f'a': 1}", "{x.y(): 1}", "A.B(x)", "1 | 2 | x", "(x | y)", "x | x", "1 2", "x = 1", "x := 1", "x, y as z", "(x, y) as z", "A(1) | B(2)", "True | False", "not x", "*(a), b", "1.5", "0x10", "{1_0: x}", "-1j", "-1 - 1j", "1 + 1"]:
    check(f"match v:\n case {p}: pass")
check("match v:\n pass", "match v:\n case x: pass\n case y: pass", "match v:\n case x if y: pass\n case z: pass", "match v:\n case _: pass\n case 1: pass", "match v:\n case 1 pass", "match v:\n case: pass", "match:\n case 1: pass", "match v\n case 1: pass", "match v: case 1: pass", "match *a, b:\n case 1: pass", "match *a:\n case 1: pass", "match x, :\n case 1: pass", "match (yield):\n case 1: pass", "match = 1\nmatch.x\nmatch[1]\nmatch(1)\nmatch, x = 1, 2\nmatch: int\nmatch -1\nmatch * a", "case = 1\ntype = 2\n_ = 3\ntype.x\ntype(x)\ntype[1]\ntype = type", "match x:\n case A(", "match x:\n else: pass")
