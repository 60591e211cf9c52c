# if else as an expression.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'a if b else c',
    'a if b',
    'a if else c',
    'a if b else',
    'if b else c',
    '(a if b) else c',
    'a if b else c if d else e',
    'x = a if b else c = d',
    'a if b: c',
    'a else b',
    'pass if a else b',
    'a if b else pass',
    'a if b else return',
)
