# async with: enter and exit are awaited; exceptions and suppression.
class Pause:
    def __await__(self):
        return (yield "pause")


class M:
    def __init__(self, name, suppress=False):
        self.name = name
        self.suppress = suppress

    async def __aenter__(self):
        await Pause()
        print("enter", self.name)
        return self.name

    async def __aexit__(self, t, v, tb):
        await Pause()
        print("exit", self.name, t and t.__name__)
        return self.suppress


def run(coro):
    n = 0
    try:
        while True:
            coro.send(None)
            n += 1
    except StopIteration as e:
        return e.value, n


async def main():
    async with M("a") as a, M("b"):
        print("body", a)
    async with (M("s", True) as s, M("t")):
        raise ValueError
    for i in range(2):
        async with M(i):
            if i == 0:
                continue
            break
    async with M("r"):
        return "returned"


print(run(main()))


async def err():
    async with M("e"):
        raise KeyError("out")


try:
    run(err())
except KeyError as e:
    print("caught", e)


async def wrong(x):
    async with x:
        pass


class Sync:
    def __enter__(self):
        pass

    def __exit__(self, *a):
        pass


for bad in (5, Sync()):
    try:
        run(wrong(bad))
    except TypeError as e:
        print(e)


async def wrong2():
    with M("x"):
        pass


try:
    run(wrong2())
except TypeError as e:
    print(e)
