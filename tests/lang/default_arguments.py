# Defaults are evaluated once, at definition, left to right.
def tell(v):
    print("default", v)
    return v


def f(a=tell(1), *, b=tell(2), c=tell([])):
    c.append(a)
    return b, c


print(f(), f(5))
x = 10


def g(v=x):
    return v


x = 20
print(g())
g.__defaults__ = (99,)
print(g())
g.__defaults__ = None
try:
    g()
except TypeError as e:
    print(e)
f.__kwdefaults__ = {"b": "new", "c": [0]}
print(f(1))
del f.__kwdefaults__
try:
    f()
except TypeError as e:
    print(e)


class C:
    size = 3

    def m(self, n=size, *rest, flag=size > 2):
        return n, rest, flag


print(C().m(), C().m(1, 2, flag=0))


def memo(n, cache={}):
    if n not in cache:
        cache[n] = n if n < 2 else memo(n - 1) + memo(n - 2)
    return cache[n]


print(memo(60), len(memo.__defaults__[0]))
