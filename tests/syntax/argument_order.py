# Arguments in an order that is not allowed.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'f(a=1, b)',
    'f(**a, b)',
    'f(**a, *b)',
    'f(a=1, *b)',
    'f(*a, b)',
    'f(a for a in b, c)',
    'def f(a=1, b): pass',
    'def f(**a, b): pass',
    'def f(*, **a): pass',
    'lambda a=1, b: 0',
)
