# = where == was meant.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'if x = 1: pass',
    'while x = 1: pass',
    'f(x + 1 = 2)',
    'assert x = 1',
    '(a = 1)',
    '[a = 1]',
    '{a = 1}',
    'x if y = 1 else 2',
    'not a = 1',
    'return x = 1',
)
