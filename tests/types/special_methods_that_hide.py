# A special method behind a descriptor that raises AttributeError is as good as none, for the ones that may be missing.
def booh(self):
    raise AttributeError("booh")


class Hidden:
    __eq__ = __hash__ = __bool__ = __lt__ = __add__ = __radd__ = __iter__ = __contains__ = __call__ = property(booh)


class Needed:
    __len__ = __getitem__ = property(booh)


h, n = Hidden(), Needed()
for what in (
    lambda: h == h, lambda: h != 1, lambda: hash(h), lambda: len(n), lambda: bool(h), lambda: h < h, lambda: h + h, lambda: 1 + h,
    lambda: iter(h), lambda: 1 in h, lambda: n[0], lambda: h(),
):
    try:
        print(what())
    except Exception as e:
        print(type(e).__name__, e)


class Plain:
    pass


for what in (lambda: Plain(42), lambda: Plain().__init__(42), lambda: object.__init__(Plain(), 42), lambda: object.__new__(Plain, 42)):
    try:
        print(what())
    except TypeError as e:
        print(e)
