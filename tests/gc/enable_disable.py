# The switch, and what it says.
import gc

print(gc.isenabled())
gc.disable()
print(gc.isenabled())
gc.disable()
gc.enable()
print(gc.isenabled())
for bad in (3, -1, "x", None):
    try:
        gc.collect(bad)
    except Exception as e:
        print(type(e).__name__, e)
print(gc.collect(generation=0) >= 0)
