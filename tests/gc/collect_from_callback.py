# Weak reference callbacks during a collection.
import gc
import weakref

gc.disable()


class A:
    pass


log = []
objs = [A() for _ in range(3)]
for o in objs:
    o.ring = objs
refs = [weakref.ref(o, lambda r, i=i: log.append(i)) for i, o in enumerate(objs)]
del o, objs
print(gc.collect() > 0, sorted(log), [r() for r in refs])


def cb(r):
    log.append("boom")
    raise ValueError("callback failed")


b = A()
b.me = b
r = weakref.ref(b, cb)
del b
gc.collect()
print(log[-1])
