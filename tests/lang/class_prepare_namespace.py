# __prepare__ decides what kind of namespace a class body fills.
class Recorder(dict):
    def __init__(self):
        super().__init__()
        self.log = []

    def __setitem__(self, k, v):
        self.log.append(k)
        super().__setitem__(k, v)

    def __missing__(self, key):
        if key.startswith("auto_"):
            return key.upper()
        raise KeyError(key)


class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases):
        return Recorder()

    def __new__(mcs, name, bases, ns):
        cls = super().__new__(mcs, name, bases, dict(ns))
        cls.log = [k for k in ns.log if not k.startswith("__")]
        return cls


class A(metaclass=Meta):
    x = auto_x
    y = 1
    y = 2

    def f(self):
        pass

    for i in range(2):
        z = i
    del z


print(A.log, A.x, A.y)


class Upper(dict):
    def __setitem__(self, k, v):
        super().__setitem__(k if k.startswith("__") else k.upper(), v)


class UMeta(type):
    __prepare__ = classmethod(lambda m, n, b: Upper())


class B(metaclass=UMeta):
    abc = 1

    def method(self):
        return "m"


print(B.ABC, B().METHOD())


class BadMeta(type):
    @classmethod
    def __prepare__(mcs, n, b):
        return 5


try:
    class C(metaclass=BadMeta):
        pass
except TypeError as e:
    print(e)


class NotClassmethod(type):
    def __prepare__(name, bases):
        return {"made_by": "plain function"}


class D(metaclass=NotClassmethod):
    pass


print(D.made_by)
