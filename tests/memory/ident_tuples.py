# The empty tuple is one; a tuple of a tuple is itself.
print(() is tuple([]), (1,)[:0] is (), () + () is (), () * 5 is (), tuple("") is ())
t = (1, 2, [])
print(t[:] is t, tuple(t) is t, t * 1 is t, t + () is t, () + t is t)


class T(tuple):
    pass


s = T(t)
print(s[:] is s, tuple(s) is s, type(tuple(s)).__name__, type(s * 1).__name__)
print(frozenset(frozenset([1])) is frozenset([1]), frozenset() is frozenset())
f = frozenset([1])
print(frozenset(f) is f, f.copy() is f, f | set() is f)
print(bytes(b"ab") is b"ab", b"abc"[:] is b"abc", b"" is bytes(), bytes([65]) is b"A")
