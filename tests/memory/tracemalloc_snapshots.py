# tracemalloc: snapshots, statistics, differences, filters.
import os
import tracemalloc


def many():
    return [bytearray(10_000) for _ in range(50)]


tracemalloc.start(2)
first = tracemalloc.take_snapshot()
data = many()
second = tracemalloc.take_snapshot()
top = second.compare_to(first, "lineno")[0]
print(os.path.basename(top.traceback[0].filename), top.traceback[0].lineno)
print(500_000 <= top.size_diff < 600_000, 50 <= top.count_diff <= 120)
here = second.filter_traces([tracemalloc.Filter(True, __file__)])
print({os.path.basename(s.traceback[0].filename) for s in here.statistics("filename")})
none = second.filter_traces([tracemalloc.Filter(False, __file__)])
print(any(s.traceback[0].filename == __file__ for s in none.statistics("filename")))
best = here.statistics("traceback")[0]
print([f.lineno for f in best.traceback], best.size >= 500_000)
print(second.traceback_limit, len(second.traces) > 50)
print(best.traceback.format()[-1].strip())
del data
third = tracemalloc.take_snapshot()
print(third.compare_to(second, "lineno")[0].size_diff <= -500_000)
tracemalloc.stop()
# sweep: not debug (which traces already)
