# Lambdas with every kind of parameter.
print((lambda: 1)())
print((lambda x: x + 1)(1))
print((lambda x, y=2: (x, y))(1))
print((lambda *a: a)(1, 2))
print((lambda **k: k)(a=1))
print((lambda a, /, b, *, c: (a, b, c))(1, b=2, c=3))
print((lambda a, *args, b=5, **kw: (a, args, b, kw))(1, 2, 3, z=9))
f = lambda x: (yield x)
print(list(f(7)))
compose = lambda f, g: lambda x: f(g(x))
print(compose(str, abs)(-3))
print(sorted(["b", "A", "c"], key=lambda s: s.lower()))
print((lambda x: x if x else "none")(0))
fact = lambda n: 1 if n < 2 else n * fact(n - 1)
print(fact(10))
print(f.__name__, compose.__qualname__)


def outer():
    return lambda: None


print(outer().__qualname__, outer().__name__)
ops = {"+": lambda a, b: a + b, "-": lambda a, b: a - b}
print({k: f(5, 3) for k, f in ops.items()})
print((lambda x: (y := x * 2, y + 1))(4))
print((lambda: (lambda: "nested")())())
print([(lambda n=n: n)() for n in range(3)])
print((lambda a, b=(lambda: 3)(): a + b)(1))
try:
    (lambda a: a)()
except TypeError as e:
    print(e)
