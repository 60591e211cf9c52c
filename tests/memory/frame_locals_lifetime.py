# Frame objects keep locals alive; without them locals end with the call.
import sys


class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("-", self.n, sep="")


def f():
    d = D("f")
    return sys._getframe()


frame = f()
print("frame kept", sorted(frame.f_locals))
frame.clear()
print("cleared", sorted(frame.f_locals))
del frame


def g():
    d = D("g")
    sys._getframe()


g()
print("frame not kept")


def h():
    d = D("h")
    return locals()


kept = h()
print("locals kept", sorted(kept))
del kept
print("end")
