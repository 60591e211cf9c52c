# Data and non-data descriptors and their precedence.
class Data:
    def __set_name__(self, owner, name):
        self.name = name
        print("set_name", owner.__name__, name)

    def __get__(self, obj, cls):
        return f"get {self.name} obj={obj is not None} cls={cls.__name__}"

    def __set__(self, obj, value):
        print("set", self.name, value)

    def __delete__(self, obj):
        print("delete", self.name)


class NonData:
    def __get__(self, obj, cls=None):
        return "non-data"


class SetOnly:
    def __set__(self, obj, value):
        obj.__dict__["so"] = value * 2


class A:
    d = Data()
    n = NonData()
    so = SetOnly()


a = A()
print(a.d, A.d)
a.d = 1
del a.d
a.__dict__["d"] = "in dict"
print(a.d)
print(a.n, A.n)
a.n = "shadow"
print(a.n)
print(type(a.so).__name__)
a.so = 5
print(a.so)


class B(A):
    pass


print(B().d, B.n)
A.late = Data()
try:
    A().late
except AttributeError as e:
    print(e)


class GetRaises:
    def __get__(self, obj, cls):
        raise AttributeError("no value")


class C:
    g = GetRaises()

    def __getattr__(self, name):
        return f"fallback {name}"


print(C().g)


class D:
    def f(self):
        return self


f = D.__dict__["f"]
print(f.__get__(5, int)(), f.__get__(None, D) is f)
try:
    f.__get__(None, None)
except TypeError as e:
    print(e)
d = D()
print(d.f.__self__ is d, d.f.__func__ is f, d.f == d.f, d.f is d.f)


class InstanceDesc:
    pass


i = InstanceDesc()
i.x = NonData()
print(type(i.x).__name__)


class NoDelete:
    def __set__(self, o, v):
        pass


class E:
    x = NoDelete()


try:
    del E().x
except AttributeError as e:
    print(e)
