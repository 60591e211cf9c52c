# Operators of other languages.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'x++',
    'x--',
    '++x',
    '--x',
    'x && y',
    'x || y',
    '!x',
    'x ? y : z',
    'x <> y',
    'x === y',
    'x =+ y',
    'x => y',
    'x -> y',
    'x ?? y',
    'x ... y',
    'x ** * y',
    'x // / y',
    'x := 1',
    'x |> y',
    'x..y',
    '$x',
    'x?',
    '@x',
)
