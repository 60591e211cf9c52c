# eval mode takes one expression.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check("1", " 1", "1\n", "1 + 2 # c", "(1,\n2)", "x = 1", "pass", "1; 2", "1\n2", "", "# only", "yield", "lambda: 1", "await x", "*x", "x, y", "x := 1", "(x := 1)", "for x in y: z", "[x for x in y]", "import a", "1 if 2", "'a", ")", mode="eval")
