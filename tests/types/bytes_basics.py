# bytes: construction, indexing, operators.
print(bytes(), bytes(3), bytes([1, 2, 255]), bytes("aé", "utf-8"), bytes(b"x"), bytes(range(3)), bytes((65, 66)), bytes(bytearray(b"q")), bytes("ab", encoding="ascii"), bytes(x for x in (7, 8)))
b = b"hello \x00\xff"
print(b[0], b[-1], b[1:3], b[::-1], len(b), list(b"ab"), b + b"x", b"ab" * 2, 2 * b"x", 104 in b, b"ell" in b, b"" in b, b"a" < b"b", b"a" == b"a", b"a" == "a", hash(b"a") == hash(b"a"))


class B:
    def __bytes__(self):
        return b"from B"


print(bytes(B()), repr(b"\t\n\r\\'"), b"%d %s %b %a %x %c" % (5, b"s", b"b", "é", 255, 65), b"%5.1f|%-5s|" % (2.25, b"ab"))
for f in (lambda: bytes(-1), lambda: bytes([256]), lambda: bytes(["a"]), lambda: bytes("a"), lambda: bytes(1.5), lambda: bytes("é", "ascii"), lambda: b[100], lambda: b["a"], lambda: b + "x", lambda: b * 1.5, lambda: b < "a", lambda: "a" in b, lambda: 256 in b, lambda: bytes(None), lambda: bytes(1, "utf-8"), lambda: b"%s" % "str", lambda: b"%d" % b"1", lambda: b"%c" % 256, lambda: bytes([1, -1])):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
try:
    b[0] = 1
except TypeError as e:
    print(e)
print(bytes.fromhex("00 ff 7F"), b.hex(), b"abcdef".hex(":"), b"abcdef".hex("-", 2), b"abcde".hex(" ", -2), b"".hex(), bytes.fromhex(""))
for bad in ("0", "zz", "0 0", "00 f"):
    try:
        bytes.fromhex(bad)
    except ValueError as e:
        print(e)


class S(bytes):
    pass


print(S(b"x"), type(S(b"x") + b"y").__name__, S(b"a") == b"a", isinstance(S(), bytes))
