# Several callbacks run in order, also those that were added on the way.
import gc

gc.disable()
log = []


def first(phase, info):
    log.append(("first", phase))
    if third not in gc.callbacks:
        gc.callbacks.append(third)


def second(phase, info):
    log.append(("second", phase))


def third(phase, info):
    log.append(("third", phase))


gc.callbacks[:] = [first, second]
gc.collect()
gc.callbacks.clear()
print(log)
