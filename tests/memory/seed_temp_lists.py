# A fresh list each turn, or one list cleared: the same work, fewer objects.
import gc

gc.disable()
before = len(gc.get_objects())
for i in range(1000):
    temp = [i]
print(temp, len(gc.get_objects()) - before < 10)
temp = []
for i in range(1000):
    temp.append(i)
    temp.clear()
print(temp)
gc.enable()
