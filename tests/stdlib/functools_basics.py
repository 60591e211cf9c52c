# functools: partial, reduce, lru_cache, wraps, total_ordering...
import functools

print(functools.reduce(lambda a, b: a * b, [1, 2, 3, 4]), functools.reduce(max, [], 5))
p = functools.partial(pow, 2)
print(p(5), p.func is pow, p.args, p.keywords)


@functools.lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(80), fib.cache_info().hits > 0)


def deco(f):
    @functools.wraps(f)
    def w(*a):
        return f(*a)
    return w


@deco
def named():
    "doc"


print(named.__name__, named.__doc__, named.__wrapped__.__name__)


@functools.total_ordering
class V:
    def __init__(self, n):
        self.n = n

    def __eq__(self, o):
        return self.n == o.n

    def __lt__(self, o):
        return self.n < o.n


print(V(1) <= V(2), V(3) > V(2), V(1) >= V(2))
print(sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)))


class C:
    @functools.cached_property
    def x(self):
        print("computed")
        return 5


c = C()
print(c.x, c.x)


@functools.singledispatch
def kind(o):
    return "object"


@kind.register
def _(o: int):
    return "int"


print(kind(1), kind("a"))
