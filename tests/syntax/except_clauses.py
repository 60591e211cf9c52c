# except clauses.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'try: a\nexcept: b',
    'try: a\nexcept A: b\nexcept: c',
    'try: a\nexcept: b\nexcept A: c',
    'try: a\nexcept A as b: c',
    'try: a\nexcept A, B: c',
    'try: a\nexcept A, B as c: d',
    'try: a\nexcept* A: b',
    'try: a\nexcept*: b',
    'try: a\nexcept* A: b\nexcept C: d',
    'try: a',
    'try: a\nelse: b',
    'try: a\nfinally: b\nexcept: c',
    'except A: b',
    'try: a\nexcept A as b.c: d',
    'try: a\nexcept A as 1: d',
)
