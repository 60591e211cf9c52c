# staticmethod and classmethod as objects.
class A:
    @staticmethod
    def s(x=1):
        return ("s", x)

    @classmethod
    def c(cls, x=1):
        return (cls.__name__, x)

    alias = c
    ss = staticmethod(len)


class B(A): pass
print(A.s(), A().s(2), A.c(), B.c(3), B().c(), A.alias(), A.ss("abc"), A().ss([1]))
print(A.__dict__["s"].__func__(5), A.__dict__["c"].__func__(A), A.__dict__["s"](7), type(A.__dict__["c"]).__name__, A.c.__self__ is A, A.c.__func__.__name__, A.s.__name__)
try:
    A.__dict__["c"]()
except TypeError as e:
    print(e)
m = B.c
print(m.__self__.__name__, m(9), B.c == B.c, B.c is B.c, A.s is A.s)
@staticmethod
def plain(): return "called directly"
print(plain(), plain.__wrapped__(), plain.__name__)
class C:
    @classmethod
    @property
    def p(cls): return 1
print(type(C.__dict__["p"]).__name__)
