# break and continue outside loops.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'break',
    'continue',
    'if x: break',
    'def f():\n break',
    'while x:\n def f(): break',
    'class A:\n continue',
    'for x in y:\n class A: break',
    'while x: pass\nbreak',
    'for x in y: pass\nelse: continue',
    'try: break\nexcept: pass',
)
