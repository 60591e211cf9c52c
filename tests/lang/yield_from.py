# Delegation: values, send, throw, close, results.
def inner():
    try:
        x = yield 1
        print("inner got", x)
        y = yield 2
        print("inner got", y)
    except ValueError as e:
        print("inner handles", e)
        yield "handled"
    finally:
        print("inner finally")
    return "inner result"


def outer():
    result = yield from inner()
    print("outer got", result)
    r2 = yield from [10, 20]
    print("list result", r2)
    return "outer result"


g = outer()
print(next(g), g.gi_yieldfrom.__name__)
print(g.send("a"))
print(g.send("b"))
print(next(g))
try:
    next(g)
except StopIteration as e:
    print(e.value)

g = outer()
next(g)
print(g.throw(ValueError("thrown")))
print(next(g))
g.close()

g = outer()
next(g)
g.close()


def flat(x):
    if isinstance(x, list):
        for item in x:
            yield from flat(item)
    else:
        yield x


print(list(flat([1, [2, [3, [4]], 5]])))


def to_list():
    yield from [1, 2]


t = to_list()
next(t)
try:
    t.send(5)
except AttributeError as e:
    print(e)


def bad():
    yield from 5


try:
    next(bad())
except TypeError as e:
    print(e)


def chain(n):
    if n:
        yield from chain(n - 1)
    yield n


print(sum(chain(100)))


class It:
    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration("via iterator")


def use():
    return (yield from It())


try:
    next(use())
except StopIteration as e:
    print(e.value)
