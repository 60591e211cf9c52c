# Context managers: order, suppression, several items, brackets.
class M:
    def __init__(self, name, suppress=False):
        self.name = name
        self.suppress = suppress

    def __enter__(self):
        print("enter", self.name)
        return self.name.upper()

    def __exit__(self, typ, val, tb):
        print("exit", self.name, typ and typ.__name__, val, tb is not None)
        return self.suppress


with M("a") as a:
    print("body", a)
with M("a") as a, M("b") as b:
    print(a, b)
with (M("a") as a, M("b"), M("c") as c,):
    print(a, c)
with (M("paren")):
    pass
with (M("t1"), M("t2")):
    pass
with M("s", True):
    raise ValueError("suppressed")
print("after")
try:
    with M("x"), M("y"):
        raise KeyError("out")
except KeyError as e:
    print("caught", e)
with M("outer", True):
    with M("inner"):
        1 / 0
d = {}
with M("k") as d["key"], M("pair") as (p, *q):
    pass
print(d, p, q)
for i in range(3):
    with M(str(i)):
        if i == 0:
            continue
        break


class BadExit:
    def __enter__(self):
        return self

    def __exit__(self, *a):
        raise RuntimeError("in exit")


try:
    with BadExit():
        raise ValueError("body")
except RuntimeError as e:
    print(e, repr(e.__context__))
for bad in (5, type("NoExit", (), {"__enter__": lambda s: s})(), type("NoEnter", (), {"__exit__": lambda *a: 0})()):
    try:
        with bad:
            pass
    except TypeError as e:
        print(e)


class Inst:
    pass


i = Inst()
i.__enter__ = lambda: 1
i.__exit__ = lambda *a: None
try:
    with i:
        pass
except TypeError as e:
    print(e)
