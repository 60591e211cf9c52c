# Generators clean up when they are dropped.
def g(name):
    try:
        print("start", name)
        yield 1
        yield 2
    except GeneratorExit:
        print("exit", name)
        raise
    finally:
        print("finally", name)


x = g("dropped")
next(x)
del x
print("after del")
y = g("never started")
del y
z = g("finished")
list(z)
del z
for v in g("broken loop"):
    break
print("loop left")


def user():
    it = g("local")
    next(it)
    return "returned"


print(user())


class CM:
    def __enter__(self):
        print("enter")

    def __exit__(self, *a):
        print("exit", a[0] and a[0].__name__)


def with_cm():
    with CM():
        yield


w = with_cm()
next(w)
del w
print("end")


def outer():
    yield from g("delegate")


o = outer()
next(o)
o = None
print("delegate dropped")
last = g("at exit of the program")
next(last)
