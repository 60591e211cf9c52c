# Brackets that stay open.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    '(',
    '[',
    '{',
    'f(',
    'f(1, 2',
    '[1, [2, 3]',
    '{"a": 1',
    'x = (1 +\n2',
    'def f(a,',
    'print("x"\ny = 1',
)
