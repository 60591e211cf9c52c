# String and bytes literals: quotes, prefixes, escapes, concatenation.
print('single', "double", '''triple''', """tri"ple""")
print("tab\tnew\\line \x41\u0042\U00000043 \101\0end".encode())
print(r"raw \n \x", R'raw\'s', rb"raw \bytes", bR'\d', b'\x00\xff\101', Br"\\")
print("a" "b" 'c' """d""", b"x" b"y")
print("line \
continued")
print('''multi
line''')
print("\N{GREEK SMALL LETTER ALPHA}\N{BULLET}\N{LATIN SMALL LETTER A WITH ACUTE}")
print(len("\\"), len(r"\\"), len("\a\b\f\v\r"), ord("\a"), ord("\v"))
print(repr("it's"), repr('say "hi"'), repr("both ' and \""), repr("\n\t\r\\\x00\x7f\xa0é\u200b\U0001f600"))
print(u"unicode prefix", U'x')
print("é".encode(), "日本".encode("utf-8"), len("😀"))
print("\377", b"\377", "\x7f".isprintable())
print("a\
b")
print(ascii("é日😀\ud800"))
print(repr("\ud800"))
print('' '' "", "" == '')
print(b'bytes \'quoted\' "both"')
print("%d items" "and %s" % (1, 2))
