# __getattr__, __getattribute__, __setattr__, __delattr__, __dir__.
class A:
    real = 1

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return f"dynamic {name}"


a = A()
print(a.real, a.other, hasattr(a, "_x"), getattr(a, "_x", "default"))
a.other = 5
print(a.other)


class B:
    def __init__(self):
        self.x = 1

    def __getattribute__(self, name):
        print("lookup", name)
        return object.__getattribute__(self, name)

    def method(self):
        return self.x


b = B()
print(b.x)
print(b.method())


class C:
    def __setattr__(self, name, value):
        print("set", name, value)
        super().__setattr__(name, value * 2)

    def __delattr__(self, name):
        print("del", name)
        super().__delattr__(name)


c = C()
c.v = 4
print(c.v, c.__dict__)
del c.v
try:
    del c.v
except AttributeError as e:
    print(e)


class D:
    def __getattribute__(self, name):
        raise AttributeError("always " + name)

    def __getattr__(self, name):
        return "rescued " + name


print(D().anything)


class E:
    def __dir__(self):
        return ["z", "a"]


print(dir(E()))


class Proxy:
    def __init__(self, target):
        object.__setattr__(self, "_t", target)

    def __getattr__(self, name):
        return getattr(self._t, name)

    def __setattr__(self, name, v):
        setattr(self._t, name, v)


t = type("T", (), {"m": lambda self: "m"})()
p = Proxy(t)
p.q = 1
print(t.q, p.q, p.m())


class Err:
    def __getattr__(self, name):
        raise ValueError("not an AttributeError")


try:
    hasattr(Err(), "x")
except ValueError as e:
    print(e)
print(getattr(1, "real"), getattr("s", "nope", None))
for f in (lambda: getattr(1, 2), lambda: setattr(1, "x", 2), lambda: getattr(1), lambda: delattr(a, "zz"), lambda: a.real.foo):
    try:
        f()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
