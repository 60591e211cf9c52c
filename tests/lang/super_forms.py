# super() with and without arguments, in every kind of method.
class A:
    attr = "A.attr"

    def __init__(self, **kw):
        print("A.init", kw)

    def m(self):
        return "A"

    @classmethod
    def c(cls):
        return "A.c " + cls.__name__

    @staticmethod
    def s():
        return "A.s"

    @property
    def p(self):
        return "A.p"


class B(A):
    attr = "B.attr"

    def __init__(self, b=1, **kw):
        print("B.init", b)
        super().__init__(**kw)

    def m(self):
        return "B" + super().m()

    @classmethod
    def c(cls):
        return "B>" + super().c()

    @staticmethod
    def s():
        return "B>" + super(B, B).s()

    @property
    def p(self):
        return "B>" + super().p


class C(A):
    def __init__(self, c=2, **kw):
        print("C.init", c)
        super(C, self).__init__(**kw)

    def m(self):
        return "C" + super().m()


class D(B, C):
    def m(self):
        return "D" + super().m()

    def skip(self):
        return super(B, self).m()

    def get(self):
        return super().attr, __class__.__name__

    def nested(self):
        def inner(me):
            return super(D, me).m()
        return inner(self), [super(D, self).m() for _ in range(1)]


d = D(b=10, c=20, z=30)
print(d.m(), d.skip(), D.c(), D.s(), d.p, d.get(), d.nested())
s = super(B, d)
print(s.__thisclass__.__name__, s.__self__ is d, s.__self_class__.__name__)
print(super(B, D).m(d))
try:
    super(D, 5).x
except TypeError as e:
    print(e)
try:
    super().m()
except RuntimeError as e:
    print(e)


def free():
    super()


try:
    free()
except RuntimeError as e:
    print(e)
try:
    s.missing
except AttributeError as e:
    print(e)


class E(A):
    def no_args():
        return super().m()

    def deleted(self):
        del self
        return super().m()

    def gen(self):
        yield super().m()

    def comp(self):
        return [super().m() for _ in range(2)]


for f in (E.no_args, E().deleted):
    try:
        f()
    except RuntimeError as e:
        print(e)
print(list(E(  ).gen()), E().comp())
unbound = super(B)
print(unbound.__self__, unbound.__get__(d, D).m())
