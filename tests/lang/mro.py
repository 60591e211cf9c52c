# C3 linearisation, conflicts, __bases__, mro().
class A: pass
class B(A): pass
class C(A): pass
class D(B, C): pass
class E(C, B): pass


def names(cls):
    return [c.__name__ for c in cls.__mro__]


print(names(D), names(E))
try:
    class F(D, E):
        pass
except TypeError as e:
    print(e)
try:
    class G(A, B):
        pass
except TypeError as e:
    print(e)
try:
    class H(A, A):
        pass
except TypeError as e:
    print(e)


class X: pass
class Y: pass
class Z: pass
class M1(X, Y): pass
class M2(Y, Z): pass
class M3(M1, M2, Z): pass
print(names(M3))
for bad in (bool, type(None), range, slice, type(lambda: 0), type(Ellipsis)):
    try:
        type("Sub", (bad,), {})
    except TypeError as e:
        print(e)
try:
    class IntStr(int, str):
        pass
except TypeError as e:
    print(e)


class Meta(type):
    def mro(cls):
        return [cls, object]


class W(A, metaclass=Meta):
    pass


print(names(W), W.__bases__)


class P: who = "P"
class Q: who = "Q"
class R(P): pass


r = R()
print(r.who, names(R))
R.__bases__ = (Q,)
print(r.who, names(R), P.__subclasses__(), [c.__name__ for c in Q.__subclasses__()])
try:
    R.__bases__ = ()
except TypeError as e:
    print(e)
try:
    R.__bases__ = (R,)
except TypeError as e:
    print(e)
print(R.__base__.__name__, D.__base__.__name__, bool.__mro__, type.__mro__)
print(issubclass(D, A), issubclass(A, D), D.mro() == list(D.__mro__))
