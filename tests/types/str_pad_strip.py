# strip, justify, zfill, expandtabs, translate.
s = "  xx hello xx\t\n"
print(repr(s.strip()), repr(s.lstrip()), repr(s.rstrip()), "xxhixx".strip("x"), "abcba".strip("ab"), "abc".lstrip("cba"), "mississippi".rstrip("ipz"), "x".strip(""), repr("\u2003a\xa0".strip()), "abc".strip(None))
print([x for x in ("ab".ljust(5), "ab".rjust(5), "ab".center(5), "ab".center(6), "abc".center(6), "ab".ljust(5, "*"), "ab".rjust(1), "ab".center(7, "é"), "".center(3, "-"))])
print("42".zfill(5), "-42".zfill(5), "+7".zfill(4), "abc".zfill(2), "".zfill(3), "--1".zfill(5))
print(repr("a\tb".expandtabs()), repr("ab\tc\td".expandtabs(4)), repr("\t".expandtabs(0)), repr("a\n\tb".expandtabs(tabsize=3)), repr("x\r\ty".expandtabs(2)))
t = str.maketrans("abc", "xyz")
print(t, "aabbcc d".translate(t), "abc".translate(str.maketrans("a", "b", "c")), "abc".translate({97: "AA", 98: None, 99: 100}), "a".translate(str.maketrans({"a": "long", 98: None})), "héé".translate({233: "e"}))


class Tab:
    def __getitem__(self, n):
        if n == 98:
            raise LookupError
        return n + 1


print("abc".translate(Tab()))
for f in (lambda: "a".ljust(5, "xy"), lambda: "a".center("5"), lambda: "a".strip(1), lambda: str.maketrans("a", "bc"), lambda: str.maketrans({"ab": 1}), lambda: str.maketrans(1), lambda: "a".translate({97: 0x110000}), lambda: "a".zfill(), lambda: "a".translate({97: 1.5})):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
