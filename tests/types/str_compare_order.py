# Lexicographic order by code point.
words = ["b", "a", "B", "", "aa", "ab", "é", "z", "日", "😀", "a\0", "Z"]
print(sorted(words), sorted(words, reverse=True)[:3], min(words), max(words))
for a, b in [("a", "b"), ("a", "a"), ("a", "aa"), ("z", "é"), ("日", "😀"), ("\uffff", "\U00010000")]:
    print(a < b, a <= b, a == b, a != b, a > b, a >= b)
print("a" == b"a", "a" != 1, "1" == 1, "abc".__eq__("abc"), "abc".__eq__(5), "a".__lt__("b"), "a".__gt__(1))
for op in (lambda: "a" < 1, lambda: "a" >= b"a", lambda: "a" > None):
    try:
        op()
    except TypeError as e:
        print(e)
