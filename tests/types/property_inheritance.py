# Properties overridden, extended and shadowed in subclasses.
class A:
    def __init__(self):
        self._x = 1

    @property
    def x(self):
        return self._x

    @x.setter
    def x(self, v):
        self._x = v

    def _get_y(self):
        return "A.y"

    y = property(lambda self: self._get_y())


class B(A):
    @property
    def x(self):
        return super().x * 10

    def _get_y(self):
        return "B.y"


class C(A):
    x = A.x.setter(lambda self, v: setattr(self, "_x", v * 100))


class D(A):
    x = "plain"


b, c, d = B(), C(), D()
print(b.x, b.y, c.x, d.x)
c.x = 5
print(c.x)
try:
    b.x = 5
except AttributeError as e:
    print(e)
d.x = "own"
print(d.x, d._x, A.x.fget(b), isinstance(A.__dict__["x"], property))
p = A.x
q = p.getter(lambda s: 0).deleter(lambda s: print("deleted"))
print(q is p, q.fset is p.fset, q.fdel is not None, p.fdel)
