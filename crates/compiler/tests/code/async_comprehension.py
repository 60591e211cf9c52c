async def f(xs):
    return [await x for x in xs], {y async for y in xs}, (z async for z in xs)
