# A colon with nothing after it.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'if x:\n',
    'while x:\ny',
    'for x in y:\nz',
    'def f():\nx',
    'class A:\nx',
    'try:\nx',
    'with x:\ny',
    'if x: pass\nelse:\ny',
)
