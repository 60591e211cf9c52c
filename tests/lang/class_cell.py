# The __class__ cell.
class A:
    def who(self):
        return __class__

    def lam(self):
        return (lambda: __class__)()

    @classmethod
    def c(cls):
        return __class__ is cls


class B(A):
    pass


print(B().who().__name__, B().lam().__name__, A.c(), B.c())
print(A.who.__code__.co_freevars, A.who.__closure__[0].cell_contents is A)


class Meta(type):
    def __new__(mcs, name, bases, ns):
        print(sorted(k for k in ns if k == "__classcell__"))
        return super().__new__(mcs, name, bases, ns)


class C(metaclass=Meta):
    def f(self):
        return __class__


class D(metaclass=Meta):
    pass


print(C().f().__name__)


class Lost(type):
    def __new__(mcs, name, bases, ns):
        ns.pop("__classcell__", None)
        return super().__new__(mcs, name, bases, ns)


try:
    class E(metaclass=Lost):
        def f(self):
            return __class__
except RuntimeError as e:
    print(e)


def outside():
    return __class__


try:
    outside()
except NameError as e:
    print(e)


class F:
    try:
        early = __class__
    except NameError as e:
        print(e)

    def method(self):
        return __class__.__name__

    class Inner:
        def method(self):
            return __class__.__name__


print(F().method(), F.Inner().method())


def deco(cls):
    return "replaced"


@deco
class G:
    def f(self):
        return __class__


print(G)
