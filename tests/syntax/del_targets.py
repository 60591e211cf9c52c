# What del cannot delete.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'del 1',
    'del f()',
    'del a + b',
    'del (a, b)',
    'del [a]',
    'del a.b, c[0]',
    'del *a',
    'del "x"',
    'del a if b else c',
    'del',
    'del (yield)',
    'del {}',
    'del x for x in y',
)
