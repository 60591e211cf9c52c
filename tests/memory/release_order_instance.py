# Attributes of an instance go in the order in which they were set, slots from the most derived class.
class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print(self.n, end=" ")


class P:
    pass


p = P()
p.b, p.a, p.c = D("b"), D("a"), D("c")
del p
print()


class S:
    __slots__ = ("x", "y")


class T(S):
    __slots__ = ("z",)


t = T()
t.x, t.y, t.z = D("x"), D("y"), D("z")
del t
print()


class E:
    def __init__(self):
        self.inner = D("inner")

    def __del__(self):
        print("outer", end=" ")


e = E()
del e
print()
