# gc.callbacks are told of every collection.
import gc

gc.disable()
gc.collect()


def cb(phase, info):
    print(phase, sorted(info), info["generation"], info["collected"], info["uncollectable"])


gc.callbacks.append(cb)


class A:
    pass


a = A()
a.me = a
del a
print(gc.collect())
gc.collect(0)
gc.callbacks.remove(cb)
gc.collect()


def bad(phase, info):
    raise ValueError("in callback " + phase)


gc.callbacks.append(bad)
gc.collect()
gc.callbacks.clear()
print(gc.callbacks)
