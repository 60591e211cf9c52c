# Operands are evaluated left to right.
def v(x):
    print(x, end=" ")
    return x


print(v(1) + v(2) * v(3))
print((v(1), v(2))[v(0)], [v("a"), v("b")], {v(1): v(2), v(3): v(4)})
print(v(2) ** v(3) ** v(0), v(1) - v(2) - v(3))


def f(*a, **k):
    return "f"


print(v(f)(v(1), *v([2]), k=v(3), **v({"z": 4})) if False else f(v(1), *v([2]), k=v(3), **v({"z": 4})))
d = {}
d[v("k")] = v("value")
print(d)
x = [0, 0]
x[v(0)], x[v(1)] = v(5), v(6)
print(x)
print(v(1) if v(0) else v(2))
print(v(0) or v(1) and v(2))
print(v("lo") < v("mid") < v("zz"))


class A:
    def __getattr__(self, n):
        print("." + n, end=" ")
        return self

    def __getitem__(self, k):
        return self

    def __call__(self, *a):
        return self

    def __setattr__(self, n, val):
        print("set." + n, end=" ")

    def __add__(self, o):
        print("+", end=" ")
        return self


a = A()
a.b.c[v(1)](v(2)).d = v(3)
print()
a.x += v(4)
print()
lam = lambda p=v("default"): p
print(f"{v('f1')}{v('f2'):{v('>')}{v(5)}}")
assert v(True), v("no")
print()
