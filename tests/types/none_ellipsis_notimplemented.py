# The singletons.
nothing, dots = None, ...
print(None, Ellipsis, NotImplemented, type(None), type(...), type(NotImplemented))
print(type(None)() is None, type(...)() is ..., type(NotImplemented)() is NotImplemented)
print(repr(None), str(...), bool(None), bool(...), None == None, None != 0, None is None, hash(None) == hash(None), [None].index(None), None.__class__.__name__, ... == Ellipsis)
for f in (lambda: None + 1, lambda: nothing(), lambda: nothing[0], lambda: None.x, lambda: len(None), lambda: iter(None), lambda: None < None, lambda: type(None)(1), lambda: setattr(None, "x", 1), lambda: int(None), lambda: -None, lambda: ... + 1, lambda: dots(), lambda: NotImplemented + 1, lambda: type("X", (type(None),), {}), lambda: {}.get("a").b, lambda: None.__dict__):
    try:
        print(f())
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
print(None.__eq__(None), None.__eq__(1), None.__bool__(), None.__repr__(), NotImplemented.__reduce__(), (...).__reduce__(), type(None).__doc__, type(None).__name__)
print({None: 1, ...: 2}, (None, ...), f"{None} {...}", "%s" % None, isinstance(None, type(None)), isinstance(None, object), None or "x", [] or None)
