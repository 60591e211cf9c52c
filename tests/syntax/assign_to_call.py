# Assignment to calls and expressions.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'f() = 1',
    'f() += 1',
    'a + b = 1',
    'a or b = 1',
    '-a = 1',
    'a < b = 1',
    '(a if b else c) = 1',
    'lambda: x = 1',
    'await x = 1',
)
