# Rich comparison: reflection, defaults, identity, subclass priority.
class V:
    def __init__(self, n):
        self.n = n

    def __eq__(self, o):
        print("eq", end=" ")
        return self.n == o.n if isinstance(o, V) else NotImplemented

    def __lt__(self, o):
        print("lt", end=" ")
        return self.n < o.n if isinstance(o, V) else NotImplemented

    def __le__(self, o):
        print("le", end=" ")
        return self.n <= o.n if isinstance(o, V) else NotImplemented


a, b = V(1), V(2)
print(a == b, a != b, a < b, a > b, a <= b, a >= b)
print(a == 1, a != 1, 1 == a)
for f in (lambda: a < 1, lambda: a > 1, lambda: 1 >= a, lambda: object() < object(), lambda: 1j < 2j):
    try:
        f()
    except TypeError as e:
        print(e)


class S(V):
    def __gt__(self, o):
        print("S.gt", end=" ")
        return True

    def __eq__(self, o):
        print("S.eq", end=" ")
        return True


print(V(1) < S(0), V(1) == S(5), S(1) == V(2))


class NoEq:
    pass


x, y = NoEq(), NoEq()
print(x == x, x == y, x != y, x.__eq__(y), x.__ne__(x), x.__lt__(y))


class OnlyEq:
    def __eq__(self, o):
        return "equal"


print(OnlyEq() == 1, OnlyEq() != 1, 1 == OnlyEq())


class Strange:
    def __lt__(self, o):
        return []

    def __ne__(self, o):
        return "ne"


print(Strange() < 1, 1 > Strange(), Strange() != 1, Strange() == 1)
print(sorted([V(3), V(1), V(2)], key=lambda v: v.n)[0].n, max([V(1), V(5)], key=lambda v: v.n).n)
print([v.n for v in sorted([V(3), V(1), V(2)])])
