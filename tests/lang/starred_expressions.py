# * and ** in displays, calls, returns and subscripts.
a = [1, 2]
t = (3,)
print([*a, *t], (*a, *t), {*a, *t}, [*"ab", *range(2)])
print({**{"x": 1}, "y": 2, **{"x": 3}})
print(*a, *t, sep="-")
print(*[], *())


def f(*args, **kw):
    return args, kw


print(f(*a, 0, *t, **{"k": 1}, z=2, **{}))
print(f(*a, key=1, *t))
print(f(**{"a": 1}, **{"b": 2}))


def ret():
    return 0, *a


def gen():
    yield *a, 9


print(ret(), list(gen()))
x = *a, 5
print(x)
for i in *a, *t:
    print(i, end=",")
print()
*b, = range(3)
print(b)
d = {"n": 1}
print([*d], [*d.items()])
for call in (lambda: f(*5), lambda: f(**[1]), lambda: [*None], lambda: f(**{1: 2}), lambda: f(a=1, **{"a": 2}), lambda: {**5}):
    try:
        print(call())
    except TypeError as e:
        print(str(e).replace("__main__.", ""))


class Keys:
    def keys(self):
        return ["p", "q"]

    def __getitem__(self, k):
        return k * 2


print(f(**Keys()), {**Keys()}, dict(**Keys()))
