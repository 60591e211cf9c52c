# A proxy forwards operations until its object is gone.
import weakref


class A:
    def __init__(self):
        self.v = 5

    def __len__(self):
        return 3

    def __getitem__(self, i):
        return i * 2

    def __add__(self, o):
        return 10

    def __call__(self):
        return "called"

    def __str__(self):
        return "str"

    def __bool__(self):
        return False

    def __iter__(self):
        return iter([1, 2])


a = A()
p = weakref.proxy(a)
print(len(p), p[4], p + 1, p(), str(p), bool(p), list(p), p.v, isinstance(p, A), type(p).__name__)
p.w = 1
print(a.w, p is weakref.proxy(a))
try:
    hash(p)
except TypeError as e:
    print(e)
del a
for f in (lambda: p.v, lambda: len(p), lambda: p + 1, lambda: str(p)):
    try:
        f()
    except ReferenceError as e:
        print(e)
