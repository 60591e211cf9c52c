# A number type by hand: rationals.
def gcd(a, b):
    return gcd(b, a % b) if b else abs(a)


class Q:
    __slots__ = ("n", "d")

    def __init__(self, n, d=1):
        if d == 0:
            raise ZeroDivisionError("Q with 0")
        g = gcd(n, d)
        s = -1 if d < 0 else 1
        self.n, self.d = s * n // g, s * d // g

    def __repr__(self):
        return f"{self.n}/{self.d}" if self.d != 1 else str(self.n)

    def _of(o):
        return o if isinstance(o, Q) else Q(o) if isinstance(o, int) else None

    def _binary(op):
        def method(self, o):
            o = Q._of(o)
            return NotImplemented if o is None else op(self, o)
        def reflected(self, o):
            o = Q._of(o)
            return NotImplemented if o is None else op(o, self)
        return method, reflected

    __add__, __radd__ = _binary(lambda a, b: Q(a.n * b.d + b.n * a.d, a.d * b.d))
    __sub__, __rsub__ = _binary(lambda a, b: Q(a.n * b.d - b.n * a.d, a.d * b.d))
    __mul__, __rmul__ = _binary(lambda a, b: Q(a.n * b.n, a.d * b.d))
    __truediv__, __rtruediv__ = _binary(lambda a, b: Q(a.n * b.d, a.d * b.n))
    __lt__ = _binary(lambda a, b: a.n * b.d < b.n * a.d)[0]
    __eq__ = _binary(lambda a, b: (a.n, a.d) == (b.n, b.d))[0]

    def __hash__(self):
        return hash((self.n, self.d))

    def __neg__(self):
        return Q(-self.n, self.d)

    def __pow__(self, k):
        return Q(self.n ** k, self.d ** k) if k >= 0 else Q(self.d ** -k, self.n ** -k)

    def __float__(self):
        return self.n / self.d

    def __bool__(self):
        return self.n != 0


a, b = Q(1, 2), Q(3, -4)
print(a, b, a + b, a - b, a * b, a / b, 1 + a, 1 - a, 2 / a, a ** 3, a ** -2, -b, float(a), a < 1, 1 > a, a == Q(2, 4), bool(Q(0)), a != b)
print(sum([Q(1, n) for n in range(1, 8)], Q(0)), sorted([a, b, Q(1, 3)]), max(a, b), {Q(1, 2): "half"}[Q(2, 4)])
x = a
x += 1
x *= 2
print(x)
for f in (lambda: a + "s", lambda: "s" + a, lambda: a < 1.5, lambda: Q(1, 0), lambda: a / 0):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
