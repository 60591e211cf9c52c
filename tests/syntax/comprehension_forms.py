# Comprehensions right and wrong.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    '[x for x in y]',
    '[x for x in y if z if w]',
    '[x for x]',
    '[for x in y]',
    '[x for x in y else z]',
    '[x, y for x in z]',
    '[*x for x in y]',
    '{x: y for x in z}',
    '{x for x in y, z}',
    '{**x for x in y}',
    '(x for x in y)',
    '[x for x, in y]',
    '[x for 1 in y]',
    '[x for x.y in z]',
    '[x async for x in y]',
)
