# Annotations right and wrong.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'x: int',
    'x: int = 1',
    'x: int = y = 1',
    '(x): int',
    'x.y: int',
    'x[0]: int',
    'x, y: int',
    '[x]: int',
    'f(): int',
    '1: int',
    'x: ',
    'def f(a: int): pass',
    'def f(a:): pass',
    'def f() -> int: pass',
    'def f() ->: pass',
    'lambda a: int: 0',
    'x: int, y: int',
    '*x: int',
    'x: *int',
    'def f(*a: *b): pass',
    'def f(**a: *b): pass',
)
