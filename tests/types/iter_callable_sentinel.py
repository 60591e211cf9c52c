# iter() with a sentinel; exhausted iterators stay so.
data = [3, 1, 4, 0, 5]
it = iter(data)
print(list(iter(lambda: next(it), 0)), list(it))
calls = 0


def counter():
    global calls
    calls += 1
    return calls


i = iter(counter, 4)
print(list(i), list(i), calls, type(i).__name__)


def stops():
    raise StopIteration


print(list(iter(stops, None)))


def fails():
    raise ValueError("from the callable")


try:
    next(iter(fails, 0))
except ValueError as e:
    print(e)
