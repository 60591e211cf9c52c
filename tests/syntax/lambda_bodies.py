# What may stand in a lambda.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'lambda: 1',
    'lambda x: y',
    'lambda: return',
    'lambda: x = 1',
    'lambda: (x := 1)',
    'lambda: pass',
    'lambda:',
    'lambda x',
    'lambda *a, **k: 0',
    'lambda x: lambda y: x',
    'lambda x=1: x',
    'lambda (x): x',
    'lambda x: int: x',
)
