# Enough allocations make the collector run by itself.
import gc
import weakref


class A:
    pass


def drop_cycle():
    a = A()
    a.me = a
    return weakref.ref(a)


gc.collect()
gc.enable()
r = drop_cycle()
print("alive", r() is not None)
keep = []
i = 0
while r() is not None and i < 1_000_000:
    keep.append([])
    i += 1
print("collected automatically", r() is None)
gc.disable()
r2 = drop_cycle()
keep = [[] for _ in range(100_000)]
print("disabled: alive", r2() is not None)
gc.enable()
gc.collect()
print(r2())
gc.set_threshold(0)
r3 = drop_cycle()
keep = [[] for _ in range(100_000)]
print("threshold 0: alive", r3() is not None)
# sweep: not collect (what the collector has done is the subject)
