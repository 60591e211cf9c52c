# Unwinding gives up what the stack and the frames held.
class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("-", self.n, sep="", end=" ")


def fail(*args):
    raise ValueError


def f():
    x = D("x")
    fail(D("argument"))


try:
    f()
except ValueError:
    print("handler", end=" ")
print("after")
try:
    [D("a"), D("b"), fail()]
except ValueError:
    print("handler", end=" ")
print("after")
try:
    for x in [D("item")]:
        fail()
except ValueError as e:
    print("handler", end=" ")
del x
print("after")


def gen():
    y = D("y")
    yield 1
    fail()


try:
    list(gen())
except ValueError:
    print("handler", end=" ")
print("after")
