# A small scheduler of coroutines, written by hand.
class Sleep:
    def __init__(self, ticks):
        self.ticks = ticks

    def __await__(self):
        for _ in range(self.ticks):
            yield "tick"
        return self.ticks


class Channel:
    def __init__(self):
        self.items = []

    async def get(self):
        while not self.items:
            await Sleep(1)
        return self.items.pop(0)

    def put(self, x):
        self.items.append(x)


def run(*coros):
    ready = list(enumerate(coros))
    results = {}
    while ready:
        i, c = ready.pop(0)
        try:
            c.send(None)
        except StopIteration as e:
            results[i] = e.value
        except Exception as e:
            results[i] = repr(e)
        else:
            ready.append((i, c))
    return [results[i] for i in sorted(results)]


async def producer(ch, n):
    for i in range(n):
        await Sleep(i)
        ch.put(i)
    ch.put(None)
    return "produced"


async def consumer(ch):
    got = []
    while (x := await ch.get()) is not None:
        got.append(x)
    return got


async def failing():
    await Sleep(2)
    raise ValueError("task failed")


async def cancelled():
    try:
        await Sleep(100)
    finally:
        print("cleanup")


ch = Channel()
print(run(producer(ch, 4), consumer(ch), failing(), Sleep(2).__await__()))
c = cancelled()
c.send(None)
c.close()
