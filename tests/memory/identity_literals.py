# What is one object and what is not.
a, b = 1000, 1000
print(a is b)


def f():
    return 12345


print(f() is f())
s1, s2 = "hello", "hello"
print(s1 is s2)
t1, t2 = (1, 2), (1, 2)
print(t1 is t2, tuple() is tuple([]))
l1, l2 = [], []
print(l1 is l2, l1 is not l2)
x = "".join(["he", "llo"])
print(x == s1, x is s1)
import sys
print(sys.intern(x) is s1, sys.intern("hello") is s1)
print(str() is str(), bytes() is bytes(b""), frozenset() is frozenset(), chr(97) is chr(97), chr(300) is chr(300))
print("abc"[0] is "a"[0], b"abc"[0:1] is b"a"[0:1], "xy"[:] is "xy"[0:2])
n = 256
m = 256 + 0 * n
print(n is m, (n + 1) is (m + 1), int("-5") is int("-5"))
k = 1.5
print(float(k) is k, int(n) is n, str(s1) is s1, tuple(t1) is t1, list(l1) is l1, frozenset([1]) is frozenset([1]))
