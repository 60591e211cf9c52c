# What sys.getrefcount says of objects that are never released.
import sys

for thing in (None, True, False, ..., NotImplemented, 0, 1, 256, (), "", "a", int, object, type):
    print(repr(thing)[:20], sys._is_immortal(thing), sys.getrefcount(thing) == sys.getrefcount(None))
print(sys._is_immortal(257 + int("0")), sys._is_immortal([]), sys._is_immortal(object()))
