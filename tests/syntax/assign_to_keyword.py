# Assignment to True, False, None and __debug__.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'None = 1',
    'True = 1',
    'False = 1',
    'x.None = 1',
    '__debug__ = 1',
    'del None',
    'for True in x: pass',
    'with a as None: pass',
    'def f(None): pass',
    'import x as None',
)
