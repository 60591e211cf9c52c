# split, rsplit, splitlines, join.
print("a b  c ".split(), "a b  c ".split(" "), "  ".split(), "".split(), "".split(","), "a,b,,c".split(","), "a,b,c".split(",", 1), "a b c d".split(None, 2), " a b ".split(maxsplit=1), "a<>b<>c".split("<>"), "abc".split("abc"))
print("a b  c ".rsplit(), "a,b,c".rsplit(",", 1), " a b c ".rsplit(None, 1), "a b c".rsplit(maxsplit=0), "aXbXc".rsplit("X", 5), "  a  b  ".split(None, 1))
print("a\nb\r\nc\rd\x0be\x0cf\x1cg\x85h\u2028i\u2029".splitlines(), "a\n\nb\n".splitlines(True), "".splitlines(), "\n".splitlines(), "one".splitlines(keepends=True))
print(",".join("abc"), "".join([]), "-".join(["x"]), ", ".join(str(i) for i in range(4)), "ab".join("12"), "é".join(["a", "b"]), " ".join({"k": 1}), "".join(("a", "", "b")))
for f in (lambda: "a".split(""), lambda: "a".split(1), lambda: ",".join([1]), lambda: ",".join(["a", None, "b"]), lambda: ",".join(5), lambda: "a".split(sep=",", x=1), lambda: "".join([b"x"]), lambda: "a".rsplit("")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print("a\u3000b\xa0c\u2003d".split(), "x\x1fy".split(), "1\t2\n3".split())
