# with statements.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'with a as b, c as d: pass',
    'with (a as b, c as d): pass',
    'with (a, b): pass',
    'with (a as b): pass',
    'with a as f(): pass',
    'with a as 1: pass',
    'with (a as b, c as 1): pass',
    'with: pass',
    'with a as: pass',
    'with (a as b) as c: pass',
    'with a, : pass',
    'with (a, b) as c: pass',
    'with (yield): pass',
)
