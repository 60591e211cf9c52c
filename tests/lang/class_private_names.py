# Name mangling.
class A:
    __secret = 1
    __dunder__ = 2

    def __init__(self):
        self.__x = 5

    def __hidden(self):
        return self.__x

    def call(self):
        return self.__hidden(), A.__secret, __A_global if False else None

    def kw(self, __p=3):
        return __p

    class __Inner:
        def f(self):
            return __name__

    def names(self):
        import sys as __sys
        __local = 1
        return [n for n in locals() if "local" in n or "sys" in n]


class B(A):
    __secret = "B"

    def get(self):
        return self.__secret


a = A()
print(a.call(), a.kw(), a.names(), sorted(n for n in dir(a) if n.startswith("_A")), a.__dict__, A.__dunder__)
print(B().get(), B._A__secret, B._B__secret, a.kw(_A__p=9))
try:
    a.__x
except AttributeError as e:
    print(e)


class _Under:
    __v = 1


class __:
    __v = 2


print(_Under._Under__v, __.__dict__.get("__v"))
setattr(a, "_A__x", 7)
print(a.call())
print(getattr(a, "_A__x"), hasattr(a, "__x"))
