# Immortal objects do not count.
import sys

for o in (None, True, False, 0, 255, ..., NotImplemented, int, object, "", (), b"", "a"):
    n = sys.getrefcount(o)
    hold = [o] * 100
    print(type(o).__name__, sys.getrefcount(o) == n)
print(sys._is_immortal(None), sys._is_immortal([]) , sys._is_immortal(5))
