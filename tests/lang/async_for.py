# async for over async iterators, with else, break and errors.
class Pause:
    def __await__(self):
        yield


class Count:
    def __init__(self, n):
        self.n = n
        self.i = 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        await Pause()
        if self.i >= self.n:
            raise StopAsyncIteration
        self.i += 1
        return self.i


def run(coro):
    try:
        while True:
            coro.send(None)
    except StopIteration as e:
        return e.value


async def main():
    async for x in Count(3):
        print(x)
    else:
        print("else")
    async for x in Count(5):
        if x == 2:
            continue
        if x == 4:
            break
        print("item", x)
    else:
        print("never")
    async for a, b in Pairs():
        print(a, b)
    return x


class Pairs:
    def __aiter__(self):
        self.left = [(1, 2), (3, 4)]
        return self

    async def __anext__(self):
        if not self.left:
            raise StopAsyncIteration
        return self.left.pop(0)


print(run(main()))


async def over(x):
    async for _ in x:
        pass


class NoNext:
    def __aiter__(self):
        return self


class BadNext:
    def __aiter__(self):
        return self

    def __anext__(self):
        return 5


for bad in ([1], NoNext(), BadNext(), 5):
    try:
        run(over(bad))
    except TypeError as e:
        print(e)
