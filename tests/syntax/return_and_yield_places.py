# return and yield outside functions.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'return',
    'return 1',
    'yield 1',
    'x = yield',
    'class A:\n return',
    'class A:\n x = yield',
    'yield from x',
    'lambda: (yield)',
    '[(yield) for x in y]',
)
