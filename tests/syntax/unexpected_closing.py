# Brackets closed too often or by the wrong kind.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    ')',
    'f())',
    '[1]]',
    '{1}}',
    '(1]',
    '[1)',
    '{1)',
    'f(1]',
    '[(1])',
    'x = 1)\ny = 2',
)
