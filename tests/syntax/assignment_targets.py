# What cannot be assigned to.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check("1 = x", "'a' = x", "f() = 1", "a + b = 1", "-a = 1", "None = 1", "True = 1", "False = 1", "... = 1", "__debug__ = 1", "(a, 1) = x", "[a, f()] = x", "lambda: 1 = 2", "a if b else c = 1", "a and b = 1", "not a = 1", "a < b = 1", "(yield) = 1", "{} = 1", "{1} = 1", "{a: 1} = x", "[x for x in y] = 1", "(x for x in y) = 1", "f'{x}' = 1", "*a = 1", "*a, *b = c", "(*a) = 1", "a.b.c = 1", "a[0] = 1", "a = 1 = b", "a, b += 1", "(a) += 1", "1 += 1", "f() += 1", "[a] += 1", "(a, b): int", "[a]: int", "a.b: int", "f(): int", "1: int", "(a): int = 1", "a: int = b = c", "x: *y", "None += 1", "a + 1 += 2", "`a`", "a := 1", "(a.b := 1)", "(a[0] := 1)", "((a, b) := 1)", "(1 := 2)", "f(a.b := 1)", "(a := 1, 2)", "x = y := 1", "f(a := 1)", "f(a=b:=1)", "[a := 1]", "a[b := 1]", "(True := 1)", "with a as 1: pass", "with a as f(): pass", "for 1 in x: pass", "for f() in x: pass", "for x + 1 in y: pass", "for x, 1 in y: pass", "for None in x: pass", "del 1", "del f()", "del a + b", "del (a, 1)", "del *a", "del None", "del ()", "del [a, b]", "del x if y else z", "import a as 1", "import a.b as c.d", "from a import b as 1", "a, = 1", "() = 1", "[] = 1")
