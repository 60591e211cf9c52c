# Generator expressions are lazy, but for their first iterable.
g = (x * 2 for x in range(3))
print(next(g), list(g), list(g))
print(sum(x for x in range(5)), max((len(w) for w in ["a", "bbb"]), default=0))


def noisy(n):
    for i in range(n):
        print("make", i)
        yield i


g = (i * i for i in noisy(3) if i != 1)
print("nothing yet")
for v in g:
    print("got", v)

try:
    (x for x in 5)
except TypeError as e:
    print("at creation:", e)
g = (x for x in [1] for y in 5)
print("created")
try:
    next(g)
except TypeError as e:
    print("at next:", e)

print(g.__name__, g.__qualname__, type(g).__name__)
print(dict((k, v) for k, v in [("a", 1)]))
print(" ".join(str(x) for x in range(3)))
a = [1, 2]
g = (x for x in a)
a = [3, 4]
print(list(g))
g = (x + y for x in [1] for y in a)
a = [100]
print(list(g))
print(any(x > 2 for x in range(10)), all(x < 5 for x in range(3)))
print(list(zip((i for i in range(2)), (i for i in "ab"))))
nested = ((x, y) for x in range(2) for y in (c for c in "ab"))
print(list(nested))
print(tuple(i for i in range(3)), set(i // 2 for i in range(4)))
