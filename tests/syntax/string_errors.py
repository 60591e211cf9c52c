# Unterminated strings and bad escapes.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(ascii(s), "accepted")
        except SyntaxError as e:
            print(ascii(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check("'", '"', "'''", '"""', "'abc", '"abc', "'''abc", 'x = "abc\ny = 1', "'abc\\", "'abc\\\n", '"a\nb"', "'''a\nb", "b'", "b'é'", "b'\\xff'", "b'\\x'", "b'\\xg0'", "'\\x'", "'\\x1'", "'\\xg1'", "'\\u12'", "'\\u'", "'\\U0011'", "'\\U00110000'", "'\\N{'", "'\\N{}'", "'\\N{nope name}'", "'\\N'", "'\\N{DIGIT ONE}'", "'a' b'b'", "b'a' 'b'", "ur'a'", "bu'a'", "rr'a'", "x'a'", "'a' 'b", "'a''b'", "r'\\'", "r'a\\", "x = '\\ud800'", "print('hello)", "print(\"it's)", "x = 'a' + 'b", "('a'\n'b", "'a\\\nb'", "u'\\x41'", "$", "?", "!", "a ? b", "a $ b", "a ! b", "`", "a\\ b", "\\", "x = \\", "\\\n\\\n", "a \\ \nb", "\x00", "é = 1", "€ = 1", "x = “a”", "a\u00a0= 1", "a\u200bb", "x = 5€", "\ufeff1", "1 \u2212 2", "\x0c1", "print“a”", "½ = 1")
