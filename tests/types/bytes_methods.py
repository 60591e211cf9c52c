# bytes methods mirror str's.
b = b"The quick brown fox"
print(b.find(b"q"), b.find(113), b.rfind(b"o"), b.index(b"fox"), b.count(b"o"), b.count(111), b.startswith(b"The"), b.endswith((b"x", b"y")), b.replace(b"quick", b"slow"), b.replace(b"o", b"0", 1))
print(b.split(), b.split(b" ", 1), b.rsplit(b" ", 1), b.partition(b" "), b.rpartition(b" "), b"a\nb\r\nc\x0bd".splitlines(), b", ".join([b"a", bytearray(b"b")]), b"a,b,,".split(b","))
print(b.upper(), b.lower(), b.title(), b.swapcase(), b.capitalize(), b"\xe9".upper(), b"abc".isalpha(), b"12".isdigit(), b"a1".isalnum(), b" \t".isspace(), b"Ab C".istitle(), b"AB".isupper(), b"ab".islower(), b"\x7f".isascii(), b"\x80".isascii())
print(b"  x ".strip(), b"xxaxx".strip(b"x"), b" a".lstrip(), b"a ".rstrip(), b"a".center(5, b"*"), b"a".ljust(3), b"a".rjust(3, b"-"), b"-5".zfill(4), b"a\tb".expandtabs(4), b"prefix-x".removeprefix(b"prefix-"), b"x.py".removesuffix(b".py"))
t = bytes.maketrans(b"abc", b"xyz")
print(len(t), b"aabbcc".translate(t), b"hello".translate(None, b"l"), b"abc".translate(t, delete=b"b"), b"ab".decode(), b"\xff".decode("latin-1"))
for f in (lambda: b.find("q"), lambda: b.index(b"zz"), lambda: b.split(b""), lambda: b.join(["a"]), lambda: b.join([1]), lambda: b.replace("a", "b"), lambda: b.startswith("a"), lambda: b.strip("a"), lambda: b.center(3, b"ab"), lambda: bytes.maketrans(b"a", b"bc"), lambda: b.translate(b"short"), lambda: b.find(300), lambda: b.count("a")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
