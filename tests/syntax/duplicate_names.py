# Names given twice.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'def f(a, a): pass',
    'def f(a, *, a): pass',
    'def f(a, **a): pass',
    'lambda x, x: 0',
    'f(a=1, a=2)',
    'class A[T, T]: pass',
    'match x:\n case [a, a]: pass',
    'global x, x',
    'def f(*a, a): pass',
)
