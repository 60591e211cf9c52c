# __weakref__ in slots.
import weakref


class N:
    __slots__ = ("x",)


class W:
    __slots__ = ("x", "__weakref__")


class D(N):
    pass


for cls in (N, W, D):
    o = cls()
    try:
        r = weakref.ref(o)
        print(cls.__name__, r() is o, o.__weakref__ is r)
    except TypeError as e:
        print(e)
for thing in (1, "s", (), None, [], {}, object()):
    try:
        weakref.ref(thing)
        print("ok")
    except TypeError as e:
        print(e)
print(weakref.ref(len)() is len, weakref.ref(set())(), type(weakref.ref(N)()))
