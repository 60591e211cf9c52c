# Every container slot owns one count.
import sys


class O:
    pass


o = O()
base = sys.getrefcount(o)


def more():
    return sys.getrefcount(o) - base


keep = [o]
print("list", more())
keep = [o] * 5
print("repeat", more())
keep = (o, o)
print("tuple", more())
keep = {o: o}
print("dict", more())
keep = {o}
print("set", more())
keep = frozenset([o])
print("frozenset", more())
keep = [o, o][:1]
print("slice", more())
keep = O()
keep.attr = o
print("attribute", more())
keep = lambda x=o: x
print("default", more())
keep = more.__get__(o)
print("bound method", more())
keep = iter([o, o])
next(keep)
print("iterator", more())
keep = slice(o, o, o)
print("slice object", more())
keep = {1: o}.items()
print("view", more())
keep = enumerate([o])
print("enumerate", more())
keep = None
print("none", more())
