# What set_threshold() takes.
import gc

print(gc.get_threshold())
gc.set_threshold(500)
print(gc.get_threshold())
gc.set_threshold(600, 7)
print(gc.get_threshold())
gc.set_threshold(700, 8, 9)
print(gc.get_threshold())
gc.set_threshold(0)
print(gc.get_threshold()[0])
for bad in ((), ("x",), (1, 2, 3, 4), (2**40,)):
    try:
        gc.set_threshold(*bad)
    except Exception as e:
        print(type(e).__name__)
