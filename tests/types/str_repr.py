# repr of strings: quotes, escapes, unprintables.
for s in ["", "a", "'", '"', "'\"", "\\", "\n\r\t", "\x00\x1b\x7f", "\x80\x9f\xa0\xad", "é", "日", "😀", "\u200b\u2028\ufeff", "\ud800", "\U000e0001", "\uffff", "a'b\"c\\d", "tab\there"]:
    print(repr(s).encode("ascii", "backslashreplace"), ascii(s))
print(["it's", 'q"'], ("a",), {"k'": "v\n"}, {"é"})
print(repr(b"'"), repr(b"'\""), repr(b"\x00\n\\\xff"), repr(bytearray(b"a'b")), str(b"x"), f"{b'x'}")
