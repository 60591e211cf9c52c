# Two expressions side by side.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    '[1 2]',
    '(1 2)',
    '{1 2}',
    'f(1 2)',
    'x = 1 2',
    '"a" 1',
    '[a b c]',
    '{"a": 1 "b": 2}',
    'print(a b)',
    'f(a, b c, d)',
)
