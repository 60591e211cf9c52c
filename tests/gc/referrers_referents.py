# get_referrers, get_referents, get_objects, is_tracked.
import gc


class A:
    pass


a = A()
lst = [a, 1]
d = {"k": a}
t = (a, lst)
refs = gc.get_referrers(a)
print(any(r is lst for r in refs), any(r is d for r in refs), any(r is t for r in refs), any(r is globals() for r in refs))
print([type(o).__name__ for o in gc.get_referents(lst)], gc.get_referents(5, "s"), gc.get_referents())
print(gc.get_referents(d), sorted(type(o).__name__ for o in gc.get_referents(t)))
a.x = lst
print(any(o is lst for o in gc.get_referents(a)), any(o is A for o in gc.get_referents(a)))
objs = gc.get_objects()
print(any(o is lst for o in objs), any(o is a for o in objs), isinstance(objs, list))
gc.collect()
print(any(o is lst for o in gc.get_objects(generation=2)), any(o is lst for o in gc.get_objects(generation=0)))
for bad in (5, -1, "a"):
    try:
        gc.get_objects(generation=bad)
    except (ValueError, TypeError) as e:
        print(e)
cell = (lambda: a).__closure__


def f():
    v = []

    def g():
        return v
    return g


g = f()
print([type(o).__name__ for o in gc.get_referents(g.__closure__[0])])
print(gc.is_tracked(lst), gc.is_tracked(5), gc.is_finalized(a))
