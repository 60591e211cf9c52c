# ExceptionGroup: construction, subgroup, split, derive.
g = ExceptionGroup("top", [ValueError(1), TypeError(2), ExceptionGroup("sub", [ValueError(3), KeyError(4)])])
print(g, repr(g), g.message, len(g.exceptions), type(g.exceptions).__name__)
print(repr(g.subgroup(ValueError)))
print(repr(g.subgroup(lambda e: isinstance(e, KeyError))))
print(g.subgroup(OSError), repr(g.subgroup((TypeError, KeyError))))
m, r = g.split(ValueError)
print(repr(m), repr(r))
print(g.split(OSError)[0], g.split(Exception)[1], g.subgroup(Exception) is g)
print(type(BaseExceptionGroup("b", [ValueError()])).__name__, type(BaseExceptionGroup("b", [KeyboardInterrupt()])).__name__)
g.add_note("kept")
g.__cause__ = OSError("cause")
s = g.subgroup(ValueError)
print(s.__notes__, repr(s.__cause__))


class MyGroup(ExceptionGroup):
    def __new__(cls, msg, excs, code=0):
        self = super().__new__(cls, msg, excs)
        self.code = code
        return self

    def derive(self, excs):
        return MyGroup(self.message, excs, self.code)


mine = MyGroup("m", [ValueError(1), TypeError(2)], 42)
a, b = mine.split(ValueError)
print(type(a).__name__, a.code, repr(b))
for bad in (lambda: g.split(5), lambda: g.subgroup(int), lambda: setattr(g, "message", "x"), lambda: setattr(g, "exceptions", ())):
    try:
        bad()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
try:
    raise g
except* ValueError as v:
    print("v", repr(v))
except* (TypeError, KeyError) as t:
    print("t", repr(t))
print(repr(ExceptionGroup("one", (ValueError(),))))
