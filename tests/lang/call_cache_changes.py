# One call site, many kinds of callee.
class A:
    def __init__(self, x=0):
        self.x = x

    def m(self, y=1):
        return ("m", y)

    @classmethod
    def c(cls, y=2):
        return ("c", y)

    @staticmethod
    def s(y=3):
        return ("s", y)

    def __call__(self, y=4):
        return ("call", y)


class B(A):
    def __new__(cls, *a):
        return "from new"


def gen(y=5):
    yield y


async def co(y=6):
    return y


def default(y=7, *a, k=8, **kw):
    return (y, a, k, kw)


def site(f):
    return f()


def site1(f):
    return f(9)


for _ in range(3):
    out = []
    for f in (A().m, A.c, A.s, A(), B, default, lambda: "l", dict, list, int, str):
        out.append(site(f))
    for f in (A().m, A.c, A.s, A(), B, default, lambda v: v, abs, str, range, float):
        out.append(site1(f))
print(out)
print(site(A).x, site1(A).x, next(site(gen)), next(site1(gen)))
c = site(co)
c.close()
for f in (5, "x", None, A.m, lambda a, b: 0, len):
    try:
        site(f)
    except TypeError as e:
        print(e)
default.__defaults__ = (70,)
print(site(default))
default.__code__ = (lambda y=1, *a, k=2, **kw: "new code").__code__
print(site(default))
