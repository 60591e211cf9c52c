# Function headers.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'def f(): pass',
    'def f(a, b=1, *c, d, **e) -> f: pass',
    'def f(a, /, b, *, c): pass',
    'def f(: pass',
    'def f: pass',
    'def (): pass',
    'def f() pass',
    'def 1f(): pass',
    'def f.g(): pass',
    'def f(a b): pass',
    'def f(a, b=): pass',
    'def f(1): pass',
    'def f("a"): pass',
    'def f((a, b)): pass',
    'def f(a=1, /, b): pass',
    'def f(*, a, /): pass',
    'def f(): x; y',
    'def f[T](x: T) -> T: pass',
    'async def f(): pass',
    'async def f: pass',
    'def f() -> : pass',
)
