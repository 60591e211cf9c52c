# Strings in strings.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    "'a' 'b'",
    "'a''b'",
    '\'a"b\'',
    "f'{'a'}'",
    'f\'{"a"}\'',
    'f"{f\'{x}\'}"',
    '"a',
    "'a",
    '"""a',
    '"a""b',
    '"a\nb"',
    "'''a'b''c'''",
    "r'\\'",
    "'\\'",
    "b'a' 'b'",
)
