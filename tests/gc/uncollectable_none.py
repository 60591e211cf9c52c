# Since finalisers run safely, garbage stays empty.
import gc

gc.disable()


class D:
    def __del__(self):
        raise ValueError("finaliser failed")

    def __repr__(self):
        return "<D>"


d = D()
d.me = d
del d
print(gc.collect(), gc.garbage)
l = []
l.append(l)
d2 = D()
d2.l = l
l.append(d2)
del l, d2
print(gc.collect(), gc.garbage)
