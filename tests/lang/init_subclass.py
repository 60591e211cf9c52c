# __init_subclass__ and __set_name__.
class Base:
    registry = []

    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw)
        Base.registry.append((cls.__name__, tag))


class A(Base, tag="a"):
    pass


class B(A):
    pass


class C(B, tag="c"):
    def __init_subclass__(cls, **kw):
        print("C.__init_subclass__", cls.__name__, kw)
        super().__init_subclass__(**kw)


class D(C, tag="d"):
    pass


print(Base.registry)
try:
    class E(Base, unknown=1):
        pass
except TypeError as e:
    print(e)
try:
    class F(object, x=1):
        pass
except TypeError as e:
    print(e)


class Named:
    def __set_name__(self, owner, name):
        print("named", owner.__name__, name)
        self.name = name

    def __get__(self, obj, cls):
        return self.name


class G:
    one = Named()
    two = three = Named()

    def __init_subclass__(cls):
        print("sub", cls.__name__)


print(G.one, G.two, G.three)


class H(G):
    four = Named()


class BadName:
    def __set_name__(self, owner, name):
        raise ValueError("bad name")


try:
    class I:
        attr = BadName()
except ValueError as e:
    print(e, e.__notes__)


class J:
    @classmethod
    def __init_subclass__(cls, x):
        print("explicit classmethod", cls.__name__, x)


class K(J, x=5):
    pass


T = type("T", (Base,), {}, tag="dynamic")
print(Base.registry[-1])
