# Entries taken from the front, and what is left.
import functools

d = dict.fromkeys(range(20))
while len(d) > 3:
    del d[next(iter(d))]
    if len(d) % 5 == 0:
        d[-len(d)] = None
print(d, list(reversed(d)), next(iter(d)))
d.popitem()
print(list(d.items()), list(d))
d.clear()
print(next(iter(d), "empty"))
d.update(a=1, b=2)
for key in list(d):
    del d[key]
print(d, list(d))
d["c"] = 3
print(d, d.copy(), dict(d), d == {"c": 3})
for i in range(100):
    d[i] = i
    del d[next(iter(d))]
print(d, list(d.copy()), len(d))


@functools.lru_cache(maxsize=50)
def double(n):
    return n * 2


print(sum(double(i) for i in range(5000)), double.cache_info())
