# collections happen as young objects pile up.
import gc

gc.collect()
gc.enable()
gc.set_threshold(100, 5, 5)
start = [s["collections"] for s in gc.get_stats()]
keep = [[] for _ in range(5000)]
end = [s["collections"] for s in gc.get_stats()]
print(end[0] > start[0] or end[1] > start[1])
gc.set_threshold(2000, 10, 10)
gc.disable()
start = [s["collections"] for s in gc.get_stats()]
keep = [[] for _ in range(5000)]
end = [s["collections"] for s in gc.get_stats()]
print(start == end)
# sweep: not collect (what the collector has done is the subject)
