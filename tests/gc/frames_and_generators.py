# Suspended frames are part of cycles.
import gc
import weakref

gc.disable()
# What importing has left.
gc.collect()


class T:
    def __del__(self):
        print("T gone")


def g():
    t = T()
    me = yield t
    try:
        yield me
    finally:
        print("generator finally")


x = g()
next(x)
x.send(x)
r = weakref.ref(x)
del x
print(r() is not None)
print(gc.collect() > 0)
print(r())


async def co():
    t = T()
    await hold


class Hold:
    def __await__(self):
        yield


hold = Hold()
c = co()
c.send(None)
hold.coro = c
del c, hold
gc.collect()
print("end")
