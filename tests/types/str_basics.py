# str: construction, indexing, comparison, operators.
print(str(), str(5), str(b"ab", "ascii"), str(b"\xc3\xa9", "utf-8"), str(b"x"), str(None), str([1, "a"]), str(object=3), str(b"\xff", errors="replace"))
s = "Hello, Wörld 😀"
print(len(s), s[0], s[-1], s[7:12], s[::-1], s[-1] == "😀", "W" in s, "xyz" not in s, s * 2, "ab" + "cd", 3 * "x", "x" * 0, "x" * -1)
print("a" < "b", "a" < "B", "abc" < "abd", "ab" < "abc", "" < "a", "é" > "z", "a" == "a", "a" != b"a", "Z" < "a" < "é" < "日" < "😀")
print(min("hello"), max("hello"), sorted("hello"), list("añ"), tuple("ab"), set("a"), "".join(reversed("abc")), [ord(c) for c in "aé😀"], chr(128512), chr(0).encode())
for c in s[:3]:
    print(c, end="|")
print()
for f in (lambda: s[100], lambda: s["a"], lambda: s + 1, lambda: s * "a", lambda: s - 1, lambda: "a" < 1, lambda: str(b"\xff", "ascii"), lambda: chr(-1), lambda: chr(0x110000), lambda: ord("ab"), lambda: ord(""), lambda: str(1, "ascii"), lambda: setattr(s, "x", 1), lambda: s.__setitem__, lambda: str(b"a", "no-such-codec"), lambda: ord(1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
try:
    s[0] = "x"
except TypeError as e:
    print(e)
try:
    del s[0]
except TypeError as e:
    print(e)


class S(str):
    def __len__(self):
        return 99

    def extra(self):
        return self.upper()


x = S("sub")
print(x, len(x), x.extra(), type(x.upper()).__name__, type(x + "a").__name__, x == "sub", hash(x) == hash("sub"), {"sub": 1}[x], type(str(x)).__name__, isinstance(x, str))
