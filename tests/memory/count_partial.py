# oracle: 3.13
# functools and friends own their functions and arguments.
import functools
import operator
import sys
from collections import deque, defaultdict, OrderedDict, ChainMap


class T:
    pass


t = T()
base = sys.getrefcount(t)
p = functools.partial(print, t, key=t)
print("partial", sys.getrefcount(t) - base)
del p
q = deque([t, t], maxlen=2)
print("deque", sys.getrefcount(t) - base)
q.append(None)
print("pushed out", sys.getrefcount(t) - base)
q.clear()
d = defaultdict(lambda: t)
d[1], d[2]
print("defaultdict", sys.getrefcount(t) - base)
d.clear()
o = OrderedDict(a=t)
o.move_to_end("a")
print("OrderedDict", sys.getrefcount(t) - base)
del o
m = ChainMap({"a": t}, {"a": t})
print("ChainMap", sys.getrefcount(t) - base)
del m


@functools.lru_cache(maxsize=2)
def cached(x):
    return [x]


cached(t)
print("cache", sys.getrefcount(t) - base)
cached(1), cached(2)
print("pushed out of the cache", sys.getrefcount(t) - base)
cached.cache_clear()
print("end", sys.getrefcount(t) - base)
