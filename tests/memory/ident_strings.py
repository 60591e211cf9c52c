# One-character strings, the empty string, interned names.
import sys

a = "abcdef"
print(a[0] is "a"[0], a[1:2] is "b"[0:1], chr(97) is a[0], a[:0] is "", "".join([]) is "")
print("é"[0] is chr(233), chr(300) is chr(300), str(b"a", "ascii") is "a"[0])
name = "".join(["na", "me"])
print(name is "name", sys.intern(name) is "name", name is sys.intern(name))
print(a[:] is a, str(a) is a, a.strip() is a, a.replace("x", "y") is a, a * 1 is a, a + "" is a, "" + a is a)
print("%s" % a is a, f"{a}" is a, "".join([a]) is a, a.lower() is a, a.ljust(3) is a, a.zfill(2) is a)


class C:
    attr = 1


print(list(C.__dict__)[2:3], sys._is_interned("attr"), sys._is_interned(name))
