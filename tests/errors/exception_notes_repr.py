# Notes, repr, str, args, with_traceback, pickling hooks.
e = ValueError("a", 1)
print(repr(e), str(e), e.args, hasattr(e, "__notes__"))
e.add_note("n1")
e.add_note("n2")
print(e.__notes__)
try:
    e.add_note(5)
except TypeError as t:
    print(t)
for x in (ValueError(), ValueError("x"), ValueError(1), ValueError("a", "b"), ValueError(("t",)), KeyError("k"), KeyError(1, 2), OSError(), IndexError([1]), Exception("it's"), Exception('"q"')):
    print(repr(x), "|", str(x))
e.args = ("new", 2)
print(e, e.args)
e.args = [1, 2]
print(e.args)
try:
    e.args = 5
except TypeError as t:
    print(t)
try:
    raise e
except ValueError as caught:
    tb = caught.__traceback__
    print(tb.tb_lineno, tb.tb_next, tb.tb_frame.f_code.co_name)
f = KeyError("z").with_traceback(tb)
print(f.__traceback__ is tb)
f.__traceback__ = None
print(f.__traceback__)
for bad in (5, "x"):
    try:
        f.with_traceback(bad)
    except TypeError as t:
        print(t)
print(ValueError("a").__reduce__(), ValueError("a") == ValueError("a"))


class E(Exception):
    def __init__(self, a, b=2):
        self.a = a


x = E(1, b=3)
print(repr(x), x.args, x.a, x.__dict__)
x.__setstate__({"p": 5})
print(x.p)
