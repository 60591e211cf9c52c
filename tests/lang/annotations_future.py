# from __future__ import annotations turns annotations into strings.
from __future__ import annotations


def f(a: Undefined, b: list[int] = 3, *args: (1 + 2), **k: lambda x: x) -> "quoted":
    pass


print(f.__annotations__)
x: Undefined[1, 2] = 1
print(__annotations__)


class C:
    y: a.b.c
    z: f"{1}" = None


print(C.__annotations__)


def g(p: x if y else z, q: [i for i in j], r: not a and b or c, s: -a ** -b, t: a[1:2, ...], u: {1: 2, **d}, v: await_ @ other):
    pass


for k, v in g.__annotations__.items():
    print(k, v)
