# Parameter lists which are not allowed.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


lists = ["a, a", "a=1, b", "a, *, a", "*", "*,", "*, **k", "**k, a", "**k, *a", "*a, *b", "**a, **b", "a, /, b, /", "/", "/, a", "*a, /", "a, *, /", "*a, b, *c", "**k, /", "a b", "1", "'a'", "None", "True", "a.b", "(a, b)", "(a)", "a=", "*a=1", "**k=1", "*, a=", "a, **k, b", "a=1, /, b", "a, b=1, /, c", "a, b=1, /, c=2, *, d, e=3, **f", "*a,", "**k,", "a,", "*a, b=1, c", "__debug__", "*__debug__", "a, *b: int", "a: int = 1", "*a: *b"]
for p in lists:
    check(f"def f({p}): pass")
for p in lists:
    if ":" not in p:
        check(f"lambda {p}: 0")
