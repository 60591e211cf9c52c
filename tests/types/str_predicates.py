# is... predicates.
samples = ["", "abc", "ABC", "abc1", "123", "12.3", "²", "½", "٣", "一", " ", "\t\n", "\x1f", "a b", "Title Case", "_id", "1id", "class", "é", "\x00", "\u200b", "ª", "\u2028", "Ⅷ", "\xa0", "😀", "א"]
for s in samples:
    print(ascii(s), "".join("1" if f else "0" for f in (s.isalpha(), s.isdigit(), s.isdecimal(), s.isnumeric(), s.isalnum(), s.isspace(), s.isidentifier(), s.isprintable(), s.isascii(), s.islower(), s.isupper(), s.istitle())))
