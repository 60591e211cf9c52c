# Which strings are interned.
import sys


def made(s):
    return "".join(list(s))


for s in ("name", "with space", "a-b", "x" * 30):
    one, two = made(s), made(s)
    print(s, one is two, sys.intern(one) is sys.intern(two))


class A:
    attribute = 1


key = [k for k in A.__dict__ if k == "attribute"][0]
print(key is sys.intern(made("attribute")))
print(sys._is_interned(key), sys._is_interned(made("not interned")))
d = {made("k1"): 1}
print(sys._is_interned(list(d)[0]))
o = A()
setattr(o, made("dynamic_name"), 1)
print(sys._is_interned(list(o.__dict__)[0]))
try:
    sys.intern(5)
except TypeError as e:
    print(e)


class S(str):
    pass


try:
    sys.intern(S("a"))
except TypeError as e:
    print(e)
