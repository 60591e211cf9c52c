# Class headers.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'class A: pass',
    'class A(): pass',
    'class A(B, C): pass',
    'class A(B, metaclass=C): pass',
    'class A(*b, **c): pass',
    'class A(b=1, C): pass',
    'class A[T]: pass',
    'class A[T](B): pass',
    'class A(',
    'class A(B C): pass',
    'class 1A: pass',
    'class A.B: pass',
    'class A: x = 1; y = 2',
    'class A: def f(): pass',
    'class: pass',
    'class A(B:=C): pass',
    'class A(x for x in y): pass',
)
