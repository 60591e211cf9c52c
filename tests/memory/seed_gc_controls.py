# Thresholds, counts, statistics, on and off.
import gc

print(gc.get_threshold())
gc.disable()
print(gc.isenabled())
gc.enable()
print(gc.isenabled())
gc.set_threshold(700, 10, 10)
print(gc.get_threshold())
print(len(gc.get_count()), all(isinstance(n, int) for n in gc.get_count()))
stats = gc.get_stats()
print(len(stats), sorted(stats[0]))
print(type(gc.collect()).__name__)
