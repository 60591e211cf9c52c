# from module import *.
from pkgs.star_source import *
print(public, function(), Klass.__name__, "_private" in globals())
from pkgs.alpha import *
print(first.NAME, SECOND, lazy, "_hidden" in globals())


class M:
    exec("from pkgs.star_source import *")
    print(sorted(k for k in locals() if not k.startswith("__")))


import sys
m = type(sys)("fake")
m.__all__ = ["a", "missing"]
m.a = 1
sys.modules["fake"] = m
try:
    exec("from fake import *")
except AttributeError as e:
    print(e)
m.__all__ = [1]
try:
    exec("from fake import *")
except TypeError as e:
    print(e)
