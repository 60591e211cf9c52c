# Brackets that do not match.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check("(1]", "[1)", "{1)", "(1}", ")", "]", "}", "f(1]]", "(\n1\n]", "([)]", "{[}", "x = (1,\ny = 2\n", "x = [1,\n2\ndef f(): pass", "print('a'", "((((((1)))))", "{1: 2, 3", "a[1:2", "f(a for a in", "(1 2)", "[1 2]", "{1 2}", "f(1 2)", "{1: 2 3: 4}", "{1:}", "{:1}", "{1: 2, 3}", "{1, 2: 3}", "[1,,2]", "(,)", "[,]", "f(,)", "{,}")
