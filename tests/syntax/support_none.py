# What the parser says about statements cut short.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check("x =", "x = = 1", "1 +", "(1", "[1, 2", "{1: 2", "f(", "f(1,", "def", "def f", "def f(", "def f()", "def f():", "class", "class A", "class A:", "if", "if x", "if x:", "for", "for x", "for x in", "for x in y", "for x in y:", "while", "while x", "while x:", "try", "try:", "with", "with x", "with x:", "import", "from", "from x", "from x import", "return +", "lambda", "lambda x", "lambda x:", "del", "global", "nonlocal", "assert", "raise x from", "yield from", "@", "@x", "match x:", "async", "async def", "await", "not", "x.", "x[", "x[1", "x if", "x if y", "x if y else", "*", "**x", "...", "pass pass")
