async def f(a):
    await a
    async with a as b:
        pass
    async for c in a:
        yield c
    d = [x async for x in a]
