# Metaclasses: __new__, __init__, __call__, __prepare__, conflicts.
class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw):
        print("prepare", name, [b.__name__ for b in bases], kw)
        return {"injected": 1}

    def __new__(mcs, name, bases, ns, **kw):
        print("new", name, sorted(k for k in ns if not k.startswith("__")), kw)
        return super().__new__(mcs, name, bases, ns)

    def __init__(cls, name, bases, ns, **kw):
        print("init", name)
        super().__init__(name, bases, ns)

    def __call__(cls, *a, **k):
        print("call", cls.__name__, a, k)
        return super().__call__(*a, **k)

    def __len__(cls):
        return 42

    def __getitem__(cls, i):
        return cls.__name__ + str(i)

    @property
    def prop(cls):
        return "meta prop"

    def meth(cls):
        return "meta method of " + cls.__name__


class A(metaclass=Meta, flag=True):
    x = 1

    def __init__(self, v=0):
        self.v = v


a = A(5)
print(a.v, A.injected, len(A), A[3], A.prop, A.meth())
for f in (lambda: a.meth(), lambda: a.prop, lambda: len(a)):
    try:
        f()
    except (AttributeError, TypeError) as e:
        print(e)


class B(A):
    pass


print(type(B).__name__, isinstance(B, Meta))


class Other(type):
    pass


try:
    class C(A, metaclass=Other):
        pass
except TypeError as e:
    print(e)


class Derived(Meta):
    pass


class D(A, metaclass=Derived):
    pass


print(type(D).__name__)


def func_meta(name, bases, ns):
    return (name, bases, sorted(k for k in ns if not k.startswith("__")))


class E(metaclass=func_meta):
    y = 2


print(E)
F = type("F", (), {"z": 3, "m": lambda self: self.z})
print(F().m(), F.__name__, F.__module__, F.__bases__)
G = Meta("G", (A,), {"w": 1})
print(G.w)
try:
    class H(A, 5):
        pass
except TypeError as e:
    print(e)
