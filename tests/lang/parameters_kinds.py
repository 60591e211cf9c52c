# All five kinds of parameters and how arguments bind to them.
def f(a, b=2, /, c=3, *args, d, e=5, **kw):
    return a, b, c, args, d, e, kw


print(f(1, d=4))
print(f(1, 20, 30, 40, 50, d=0, x=9))
print(f(1, d=4, c=8))
print(f(1, d=4, a=100, b=200))


def pos(a, b, /):
    return a, b


def kwonly(*, k, m=1):
    return k, m


def bare(a, /, *, b):
    return a, b


print(pos(1, 2), kwonly(k=1), kwonly(m=2, k=3), bare(1, b=2))
calls = [
    lambda: pos(1),
    lambda: pos(1, b=2),
    lambda: pos(a=1, b=2),
    lambda: pos(1, 2, 3),
    lambda: kwonly(),
    lambda: kwonly(1, k=2),
    lambda: kwonly(k=1, z=2),
    lambda: f(),
    lambda: f(1),
    lambda: f(1, c=1, *(2, 3), d=0),
    lambda: bare(1, 2),
    lambda: (lambda: 0)(1),
    lambda: (lambda a, b, c: 0)(),
    lambda: (lambda a, b: 0)(b=1),
    lambda: (lambda a, b=1: 0)(1, 2, 3),
    lambda: (lambda a: 0)(1, a=2),
]
for call in calls:
    try:
        print(call())
    except TypeError as e:
        print(e)
print(f.__defaults__, f.__kwdefaults__, f.__code__.co_argcount, f.__code__.co_posonlyargcount, f.__code__.co_kwonlyargcount)
