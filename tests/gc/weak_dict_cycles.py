# Weak dicts forget what a collection takes.
import gc
import weakref

gc.disable()


class A:
    pass


values, keys, group = weakref.WeakValueDictionary(), weakref.WeakKeyDictionary(), weakref.WeakSet()
for i in range(5):
    a = A()
    a.me = a
    values[i] = a
    keys[a] = i
    group.add(a)
print(len(values), len(keys), len(group))
del a
gc.collect()
print(len(values), len(keys), len(group))
