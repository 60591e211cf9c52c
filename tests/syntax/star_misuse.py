# Stars where they cannot stand.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    '*x',
    '*x = 1',
    'x = *y',
    '(*x)',
    '[*]',
    'f(*)',
    'print(**)',
    'del *x',
    '*x, *y = z',
    'for *x in y: pass',
    'return *x',
    'lambda *: 0',
    'def f(*): pass',
    '{**x}',
    '{*x, **y}',
    '{**x: 1}',
)
