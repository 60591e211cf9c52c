# Assignment to literals.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    '1 = x',
    '"a" = 1',
    '1.5 = x',
    'b"" = 1',
    '... = 1',
    'f"{x}" = 1',
)
