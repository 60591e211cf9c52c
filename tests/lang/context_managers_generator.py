# A context manager made from a generator, by hand.
class Manager:
    def __init__(self, gen):
        self.gen = gen

    def __enter__(self):
        return next(self.gen)

    def __exit__(self, typ, value, tb):
        if typ is None:
            try:
                next(self.gen)
            except StopIteration:
                return False
            raise RuntimeError("generator didn't stop")
        try:
            self.gen.throw(value)
        except StopIteration:
            return True
        except BaseException as e:
            if e is value:
                return False
            raise
        raise RuntimeError("generator didn't stop after throw")


def contextmanager(f):
    return lambda *a: Manager(f(*a))


@contextmanager
def tag(name):
    print(f"<{name}>")
    try:
        yield name.upper()
    except ValueError as e:
        print("suppressed", e)
    finally:
        print(f"</{name}>")


with tag("a") as t, tag("b"):
    print("inside", t)
with tag("v"):
    raise ValueError("boom")
try:
    with tag("k"):
        raise KeyError("through")
except KeyError as e:
    print("outside", e)


def f():
    with tag("r"):
        return "returned"


print(f())
for i in range(2):
    with tag(str(i)):
        continue


class Stack:
    def __init__(self):
        self.callbacks = []

    def push(self, f, *a):
        self.callbacks.append((f, a))

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        while self.callbacks:
            f, a = self.callbacks.pop()
            f(*a)


with Stack() as s:
    for i in range(3):
        s.push(print, "callback", i)
