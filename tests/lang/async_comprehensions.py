# Comprehensions with async for and await.
class Pause:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        yield
        return self.v


async def agen(n):
    for i in range(n):
        yield await Pause(i)


def run(coro):
    steps = 0
    try:
        while True:
            coro.send(None)
            steps += 1
    except StopIteration as e:
        return e.value, steps


async def main():
    out = [
        [x async for x in agen(4) if x % 2],
        {x async for x in agen(3)},
        {x: await Pause(x * x) async for x in agen(3)},
        [await Pause(x) for x in range(3)],
        [(x, y) async for x in agen(2) for y in range(2)],
        [(x, y) for x in range(2) async for y in agen(2)],
        [x async for x in agen(4) if await Pause(x > 1)],
        [[y async for y in agen(x)] for x in range(3)],
    ]
    g = (x * 10 async for x in agen(3))
    out.append(type(g).__name__)
    out.append([v async for v in g])
    h = (await Pause(x) for x in range(2))
    out.append(type(h).__name__)
    out.append([v async for v in h])
    return out


result, steps = run(main())
for r in result:
    print(r)
print(steps)


async def lam():
    f = lambda: [x for x in range(3)]
    return f(), sum([x async for x in agen(5)])


print(run(lam()))
