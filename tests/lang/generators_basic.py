# Generators: next, for, return value, state, attributes.
def count(n):
    i = 0
    while i < n:
        yield i
        i += 1
    return "done"


g = count(3)
print(type(g).__name__, g.__name__, g.__qualname__, iter(g) is g)
print(next(g), next(g), next(g))
try:
    next(g)
except StopIteration as e:
    print("stop", e.value)
try:
    next(g)
except StopIteration as e:
    print("again", e.value)
print(list(count(4)), sum(count(5)), max(count(3)))
a, b, c = count(3)
print(a, b, c, [*count(2)], {*count(2)})
print(next(count(0), "default"))


def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


for v in fib():
    if v > 50:
        break
    print(v, end=" ")
print()


def empty():
    return
    yield


print(list(empty()))


def tree(t):
    if t:
        left, v, right = t
        yield from tree(left)
        yield v
        yield from tree(right)


print(list(tree(((None, 1, None), 2, (None, 3, None)))))


def two():
    x = yield
    y = yield x
    print("got", x, y)


g = two()
print(g.gi_running, g.gi_frame is not None, g.gi_yieldfrom)
next(g)
try:
    g.send("a")
    g.send("b")
except StopIteration:
    print(g.gi_frame)


def self_running():
    try:
        next(me)
    except ValueError as e:
        yield str(e)


me = self_running()
print(next(me))
g.__name__ = "renamed"
print(g.__name__)
