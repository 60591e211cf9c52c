# aiter and anext.
class A:
    def __init__(self): self.n = 0
    def __aiter__(self): return self
    async def __anext__(self):
        self.n += 1
        if self.n > 2:
            raise StopAsyncIteration
        return self.n


def run(c):
    try:
        c.send(None)
    except StopIteration as e:
        return e.value


async def main():
    a = aiter(A())
    return [await anext(a), await anext(a), await anext(a, "default")]


print(run(main()))
for f in (lambda: aiter([]), lambda: anext([]), lambda: anext(), lambda: aiter(5)):
    try:
        f()
    except TypeError as e:
        print(e)


async def stop():
    a = A()
    a.n = 5
    await anext(a)


try:
    run(stop())
except StopAsyncIteration as e:
    print("StopAsyncIteration")
