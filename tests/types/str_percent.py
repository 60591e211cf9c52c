# The % operator of str.
print("%s %r %a" % ("é", "é", "é"), "%d %i" % (3.9, -3.9), "%5s|%-5s|%.2s|%5.1s|" % ("ab", "ab", "abc", "xyz"), "%%" % (), "%c%c" % ("x", 121), "%s" % 5, "%s" % (1,), "%s" % [1, 2])
print("%(a)s %(b)05d %(a)r" % {"a": "x", "b": 7}, "%(k)s%%" % {"k": 1}, "%s and %s" % ("a", ("b",)), "%x %X %o %#x %#o" % (255, 255, 8, 255, 8), "%e %E %f %F %g %G" % (1.5, 1.5, 1.5, 1.5, 1.5, 1e-10))
print("%+d % d %05d %-5d|%+.1f" % (1, 2, 3, 4, 5.0), "%*d|%-*d|%.*f" % (5, 1, 5, 2, 2, 3.14159), "%10.3e|%-12g|" % (12345.678, 0.0001), "%s" % None, "%d" % True, "%.3d" % 5, "%i%%" % 50)
for f in (lambda: "%s" % (), lambda: "%s %s" % (1,), lambda: "%s" % (1, 2), lambda: "%d" % "a", lambda: "%d" % None, lambda: "%f" % "a", lambda: "%c" % "ab", lambda: "%c" % -1, lambda: "%c" % 1.5, lambda: "%(a)s" % 1, lambda: "%(a)s" % {}, lambda: "%y" % 1, lambda: "%" % 1, lambda: "%x" % 1.5, lambda: "%*d" % ("a", 1), lambda: "%(a" % {}, lambda: "abc" % 1, lambda: "%d" % 1j, lambda: "%c" % 0x110000, lambda: "%5" % 1):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)
print("abc" % {}, "abc" % [], "%s" % {"a": 1})


class O:
    def __str__(self):
        return "str!"

    def __repr__(self):
        return "repr!"

    def __rmod__(self, o):
        return "rmod"

    def __int__(self):
        return 5

    def __index__(self):
        return 6


print("%s %r %d %x" % (O(), O(), O(), O()), "text" % O() if False else "")
s = "%s"
s %= "in place"
print(s)
