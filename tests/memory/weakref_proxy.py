# Proxies behave like the object until it is gone.
import weakref


class A:
    x = 1

    def m(self):
        return "m"

    def __len__(self):
        return 3

    def __add__(self, o):
        return 10 + o

    def __getitem__(self, i):
        return i

    def __call__(self, v):
        return v * 2

    def __str__(self):
        return "str of A"

    def __bool__(self):
        return False


a = A()
p = weakref.proxy(a)
print(p.x, p.m(), len(p), p + 1, p["k"], p(4), str(p), bool(p), type(p).__name__, isinstance(p, A))
p.y = 5
print(a.y, weakref.getweakrefcount(a))
del p.y
print(hasattr(a, "y"), p == a, weakref.proxy(a) is p)
try:
    hash(p)
except TypeError as e:
    print(e)
del a
for f in (lambda: p.x, lambda: p(), lambda: p + 1, lambda: len(p), lambda: str(p)):
    try:
        f()
    except ReferenceError as e:
        print(e)


class B:
    pass


b = B()
q = weakref.proxy(b, lambda r: print("proxy callback"))
print(type(q).__name__)
del b
