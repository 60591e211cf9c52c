# Subscripts right and wrong.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'a[]',
    'a[1]',
    'a[:]',
    'a[::]',
    'a[:::]',
    'a[1:2:3:4]',
    'a[1, 2]',
    'a[*b]',
    'a[*b, c]',
    'a[**b]',
    'a[b=1]',
    'a[1:]',
    'a[:, :]',
    'a[,]',
    'a[x := 1]',
    'a[1 2]',
    'a[1:2 3]',
    'a[*b:c]',
)
