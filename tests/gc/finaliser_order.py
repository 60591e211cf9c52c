# Finalisers of a cycle run before it is taken apart, once each.
import gc

gc.disable()


class T:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n, "peer:", self.peer.n)


a, b = T("a"), T("b")
a.peer, b.peer = b, a
del a, b
print("before collect")
print(gc.collect())
c, d, e = T("c"), T("d"), T("e")
c.peer, d.peer, e.peer = d, e, c
del c, d, e
print(gc.collect())
s = T("self")
s.peer = s
s = None
print(gc.collect(), gc.garbage)
