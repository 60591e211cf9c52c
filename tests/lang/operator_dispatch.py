# Binary operators: reflected forms, NotImplemented, subclass priority.
class A:
    def __init__(self, n):
        self.n = n

    def __add__(self, o):
        print("A.add", end=" ")
        return NotImplemented if isinstance(o, str) else f"A+{o!r}"

    def __radd__(self, o):
        print("A.radd", end=" ")
        return f"{o!r}+A"

    def __repr__(self):
        return type(self).__name__


class B(A):
    def __radd__(self, o):
        print("B.radd", end=" ")
        return f"{o!r}+B"


class C(A):
    pass


print(A(1) + 2)
print(2 + A(1))
print("s" + A(1))
try:
    print(A(1) + "s")
except TypeError as e:
    print(e)
print(A(1) + B(2))
print(A(1) + C(2))
print(B(1) + A(2))
print(A(1) + A(2))


class OnlyR:
    def __rsub__(self, o):
        return f"rsub {o}"

    def __rmul__(self, o):
        return "rmul"

    def __rpow__(self, o, mod=None):
        return f"rpow {o} {mod}"

    def __rdivmod__(self, o):
        return ("rdivmod", o)

    def __rlshift__(self, o):
        return "rlshift"


r = OnlyR()
print(5 - r, [1] * r, 2 ** r, divmod(7, r), 1 << r)
for f in (lambda: r - 5, lambda: r + r, lambda: r * 2, lambda: divmod(r, 1), lambda: r ** 2, lambda: pow(r, 2, 3), lambda: -r, lambda: ~r, lambda: +r, lambda: abs(r),
          lambda: 1 + "a", lambda: "a" + 1, lambda: [] + (), lambda: {} | 1, lambda: 1 & 1.0, lambda: {} < {}, lambda: 1 < "a", lambda: None >= 0, lambda: "a" * "b", lambda: 1.5 << 2):
    try:
        f()
    except TypeError as e:
        print(e)


class Blocks:
    __add__ = None
    __radd__ = None


try:
    Blocks() + 1
except TypeError as e:
    print(e)
try:
    1 + Blocks()
except TypeError as e:
    print(e)


class Inst:
    pass


i = Inst()
i.__add__ = lambda o: "instance"
try:
    i + 1
except TypeError as e:
    print(e)
