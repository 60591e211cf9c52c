# sys.modules is the cache; a module runs once.
import sys
import pkgs.counter
import pkgs.counter as c
print(c.count, c is sys.modules["pkgs.counter"])
del sys.modules["pkgs.counter"]
import pkgs.counter
print(pkgs.counter is c, pkgs.counter.count)
sys.modules["invented"] = "any object"
import invented
print(invented)


class Fake:
    attr = "from a class"


sys.modules["fake"] = Fake
from fake import attr
print(attr)
import fake as f
print(f is Fake)


def local():
    import math
    from math import sqrt as s
    return math.floor(2.5), s(16), sorted(locals())


print(local())
print(__import__("pkgs.beta").__name__, __import__("pkgs.beta", fromlist=["x"]).__name__)
