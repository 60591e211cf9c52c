# Function attributes, wraps by hand, callable instances.
def timed(f):
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return f(*args, **kwargs)
    wrapper.calls = 0
    wrapper.__name__ = f.__name__
    wrapper.__wrapped__ = f
    return wrapper


@timed
def add(a: int, b: int = 2) -> int:
    return a + b


print(add(1), add(1, b=5), add.calls, add.__name__, add.__wrapped__.__annotations__)


class Adder:
    def __init__(self, n):
        self.n = n

    def __call__(self, x, *, scale=1):
        return (x + self.n) * scale


a = Adder(10)
print(a(5), a(5, scale=2), callable(a), list(map(a, [1, 2])))
Adder.__call__ = lambda self, x: "replaced"
print(a(5))
a.__call__ = lambda x: "instance"
print(a(5))
