# A coroutine nobody awaited warns when it is dropped.
async def f():
    return 1


def make():
    f()
    print("dropped")


make()
c = f()
c.close()
del c
print("a closed one does not warn")
