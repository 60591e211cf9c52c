# Coroutines driven by hand.
class Pause:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        got = yield self.v
        return f"sent {got}"


async def add(a, b):
    r = await Pause(a + b)
    return r


async def main():
    x = await add(1, 2)
    y = await add(3, 4)
    return [x, y]


def run(coro):
    value = None
    try:
        while True:
            out = coro.send(value)
            print("paused with", out)
            value = out * 10
    except StopIteration as e:
        return e.value


print(run(main()))
c = main()
print(type(c).__name__, c.__name__, c.cr_running, c.cr_await, c.cr_frame is not None)
try:
    iter(c)
except TypeError as e:
    print(e)
try:
    next(c)
except TypeError as e:
    print(e)
c.send(None)
print(c.cr_await.__name__)
try:
    c.throw(ValueError("in"))
except ValueError as e:
    print(e)
try:
    c.send(None)
except RuntimeError as e:
    print(e)


async def bad():
    await 5


try:
    run(bad())
except TypeError as e:
    print(e)


class BadAwait:
    def __await__(self):
        return 5


async def bad2():
    await BadAwait()


try:
    run(bad2())
except TypeError as e:
    print(e)


async def cleanup():
    try:
        await Pause(1)
    finally:
        print("cleaned")


k = cleanup()
k.send(None)
k.close()
w = add(1, 1)
w.close()
print(w.cr_frame)
lam = [await_ for await_ in (1,)]
print(lam)
d = add(1, 2)
it = d.__await__()
print(type(it).__name__, next(it))
it.close()
