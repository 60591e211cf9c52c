# Classes with computed bases, bodies with control flow, __qualname__, decorators.
def mixin(name):
    return type(name, (), {name.lower(): lambda self: name})


class C(mixin("One"), mixin("Two"), *[object]):
    for i in range(3):
        locals()[f"attr{i}"] = i
    if True:
        def chosen(self):
            return "chosen"
    try:
        1 / 0
    except ZeroDivisionError as e:
        message = str(e)
    with open("/dev/null") as f:
        pass
    del f, i
    print(__qualname__, __module__)


c = C()
print(c.one(), c.two(), c.attr2, c.chosen(), C.message, [k for k in C.__dict__ if not k.startswith("__")])
kwargs = {"metaclass": type}
class K(*(int,), **kwargs): pass
print(K(5) + 1, K.__mro__)
def factory(base):
    class Made(base):
        def twice(self):
            return self * 2
    Made.__qualname__ = f"Made[{base.__name__}]"
    return Made
print(factory(int)(4).twice(), factory(str)("a").twice(), factory(list))
class Outer:
    class Inner:
        class Deep: pass
print(Outer.Inner.Deep, Outer.Inner.Deep.__qualname__, Outer.Inner.Deep.__name__)
class Empty(): x: int; y = 1; "string"; pass
print(Empty.y)
class Attr:
    __slots__ = ()
    __doc__ = "set by hand"
    __module__ = "elsewhere"
print(Attr.__doc__, Attr.__module__, Attr)
