# Function objects: attributes, code, methods.
def f(a, b=1, *args, c, d=2, **kw):
    "doc of f"
    x = a
    return x


print(f.__name__, f.__qualname__, f.__module__, f.__doc__, f.__defaults__, f.__kwdefaults__, f.__closure__, f.__dict__, f.__type_params__)
c = f.__code__
print(c.co_name, c.co_qualname, c.co_varnames, c.co_argcount, c.co_kwonlyargcount, c.co_posonlyargcount, c.co_nlocals, c.co_freevars, c.co_cellvars, c.co_firstlineno, c.co_flags & 12, c.co_filename.split("/")[-1])
f.attr = 5
print(f.attr, f.__dict__, hasattr(f, "zzz"))
f.__name__ = "g"
f.__qualname__ = "Q.g"
print(f.__name__, repr(f)[:14], f.__code__.co_name)


def g():
    return "g"


f.__code__ = g.__code__
print(f())
for act in (lambda: setattr(f, "__code__", 5), lambda: setattr(f, "__name__", 5), lambda: setattr(f, "__defaults__", 5), lambda: setattr(f, "__dict__", 5), lambda: setattr(f, "__closure__", ()), lambda: setattr(f, "__globals__", {}), lambda: type(f)(), lambda: f.missing, lambda: delattr(f, "__name__"), lambda: setattr(f, "__kwdefaults__", [])):
    try:
        act()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
F = type(f)
h = F(g.__code__, {"__builtins__": {}}, "made", (1,), None)
print(h(), h.__name__, h.__defaults__)


class C:
    def m(self, x):
        return x


m = C().m
print(type(m).__name__, m.__name__, m.__func__ is C.m, m.__self__.__class__.__name__, m(3), m.__doc__, m == C().m, type(C.m).__name__)
M = type(m)
b = M(lambda s, y: (s, y), 10)
print(b(20), b.__self__)
for act in (lambda: M(5), lambda: M(5, 6), lambda: M(f, None), lambda: setattr(m, "x", 1)):
    try:
        act()
    except (TypeError, AttributeError) as e:
        print(e)
print(type(len).__name__, len.__name__, len.__self__.__name__, repr(len), repr([].append)[:29], type([].append).__name__, type(str.upper).__name__, str.upper, type(int.__add__).__name__, int.__add__, type((1).__add__).__name__, [].append.__self__, len.__module__, str.join.__objclass__.__name__, int.real, type(int.real).__name__)
print(f.__get__(5) is not None, f.__builtins__["len"] is len, f.__globals__ is globals(), callable(f), hash(f) == hash(f))
