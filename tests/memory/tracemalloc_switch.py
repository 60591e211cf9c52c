# tracemalloc: the switch, the limit, the counters.
import tracemalloc

print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory(), tracemalloc.get_traceback_limit())
for bad in (0, -1, 65536, 10**20, "x"):
    try:
        tracemalloc.start(bad)
    except Exception as e:
        print(type(e).__name__, e)
try:
    tracemalloc.take_snapshot()
except RuntimeError as e:
    print(e)
tracemalloc.start(7)
print(tracemalloc.is_tracing(), tracemalloc.get_traceback_limit())
tracemalloc.start(3)
print(tracemalloc.get_traceback_limit())
before = tracemalloc.get_traced_memory()[0]
data = bytearray(1_000_000)
after, peak = tracemalloc.get_traced_memory()
print(1_000_000 <= after - before < 1_010_000, peak >= after)
del data
now, peak = tracemalloc.get_traced_memory()
print(now < 100_000, peak >= 1_000_000)
tracemalloc.reset_peak()
print(tracemalloc.get_traced_memory()[1] < 100_000)
print(tracemalloc.get_tracemalloc_memory() > 0)
tracemalloc.clear_traces()
print(tracemalloc.get_traced_memory()[0] < 10_000)
tracemalloc.stop()
print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory())
# sweep: not debug (which traces already)
