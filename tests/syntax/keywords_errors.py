# Keywords used as names, and almost-keywords.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


import sys

for kw in ["False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield"]:
    check(f"{kw} = 1", f"def {kw}(): pass", f"x.{kw}")
check("whille x: pass", "fro x in y: pass", "imprt x", "form x import y", "clas A: pass", "deff f(): pass", "retrun 1", "esle: pass", "fi x: pass", "prin 1", "elseif x: pass", "if x:\n pass\nelseif y:\n pass", "else if x: pass", "if x:\n pass\nelse if y:\n pass", "if x = 1: pass", "while x = 1: pass", "if x == 1 then: pass", "if x\n pass", "while x\n pass", "for x in y\n pass", "def f()\n pass", "class A\n pass", "with x\n pass", "else\n pass", "if x:\n a\nelse\n b", "lambda x y: 1", "x is not not y", "x not y", "x not is y", "a b", "a, b c", "1 2", "'a' 1", "x y z", "x = y z", "if (x y): pass", "[x y]", "x++", "++x", "x--", "x =+ 1", "x <> y", "x === y", "x !== y", "x && y", "x || y", "!x", "x ?: y", "x -> y", "x => y", "x..y", "x::y", "x ** ** y", "x @ @ y", "* x", "** x", "x, *", "(*x)", "(**x)", "*x", "x = *y", "x = (*y)", "return", "x[*y]", "x[**y]", "x[]", "x[,]", "x[1 2]", "x[:,]", "x()()", "x().y[1]()", "pass;", ";", "pass;;pass", "x; ; y", "if x: if y: pass", "for x in y: for z in w: pass", "if x: class A: pass", "x = if y", "x = def f(): pass", "x = pass", "f(pass)", "f(return 1)", "print(x for)", "[for x in y]", "[x for]", "[x for x]", "[x for x in]", "[x if y]", "[x for x in y if]", "[x for x in y else z]", "[x, y for x in z]", "[*x for x in y]", "{**x for x in y}", "{x: y for x in z}", "{x: *y}", "{*x: y}", "{x: y, **z for x in w}", "(x, y for x in z)", "{x, y for x in z}", "[x for x in *y]", "[x for x, y in z]", "[x for x in y, z]", "[x for x in lambda: y, z]", "[x for 1 in y]", "[(x := 1) for x in y]", "[x for x in (y := z)]", "[y := x for x in z]", "[x for y in z if (y := 1)]", "class A:\n [x := 1 for y in z]")
