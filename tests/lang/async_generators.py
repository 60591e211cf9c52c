# Async generators: asend, athrow, aclose, iteration.
class Pause:
    def __init__(self, v=None):
        self.v = v

    def __await__(self):
        return (yield self.v)


def run(coro):
    try:
        while True:
            coro.send(None)
    except StopIteration as e:
        return e.value


async def gen(n):
    try:
        for i in range(n):
            await Pause()
            got = yield i
            if got is not None:
                print("got", got)
    except ValueError as e:
        yield f"handled {e}"
    finally:
        print("finally")


async def main():
    async for v in gen(3):
        print(v)
    g = gen(5)
    print(type(g).__name__, g.__name__, g.ag_running, g.__aiter__() is g)
    print(await g.__anext__())
    print(await g.asend("hello"))
    print(await g.athrow(ValueError("v")))
    try:
        await g.__anext__()
    except StopAsyncIteration:
        print("stopped")
    h = gen(2)
    await h.__anext__()
    await h.aclose()
    await h.aclose()
    fresh = gen(2)
    try:
        await fresh.asend(1)
    except TypeError as e:
        print(e)
    await fresh.aclose()
    print([x async for x in gen(3)])
    print(await anext(gen(1)), await anext(gen(0), "default"))


run(main())


async def bad():
    yield 1
    raise StopAsyncIteration


async def consume(g):
    async for x in g:
        print(x)


try:
    run(consume(bad()))
except RuntimeError as e:
    print(e)


async def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2


async def close_it():
    s = stubborn()
    await s.__anext__()
    try:
        await s.aclose()
    except RuntimeError as e:
        print(e)


run(close_it())
try:
    iter(gen(1))
except TypeError as e:
    print(e)
