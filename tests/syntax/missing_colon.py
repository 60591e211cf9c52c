# A compound statement without its colon.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'if x\n pass',
    'while x\n pass',
    'for x in y\n pass',
    'def f()\n pass',
    'class A\n pass',
    'try\n pass',
    'with x\n pass',
    'else\n pass',
    'if x: pass\nelse\n pass',
    'if x: pass\nelif y\n pass',
    'try: pass\nfinally\n pass',
    'lambda x 1',
)
