# Locals go in order when a function ends.
class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print(self.n, end=" ")


def f():
    c = D("c")
    a = D("a")
    b = D("b")


f()
print()


def g():
    x = D(1)
    y = D(2)
    x = D(3)
    del y
    print("|", end=" ")


g()
print()


def h(p, q):
    r = D("r")
    return


h(D("p"), D("q"))
print()
