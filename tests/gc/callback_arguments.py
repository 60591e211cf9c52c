# Callbacks hear of start and stop, with the generation and what came of it.
import gc

gc.disable()
gc.collect()


def hear(phase, info):
    print(phase, sorted(info.items()))


gc.callbacks.append(hear)
a = []
a.append(a)
del a
gc.collect(0)
gc.collect(1)
gc.collect()
gc.callbacks.remove(hear)
gc.collect()
print(gc.callbacks)
