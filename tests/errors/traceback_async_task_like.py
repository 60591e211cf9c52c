async def inner():
    raise OSError(2, "No such thing", "file.txt")


async def outer():
    async with Manager():
        await inner()


class Manager:
    async def __aenter__(self):
        return self

    async def __aexit__(self, *args):
        raise RuntimeError("while leaving")


coroutine = outer()
coroutine.send(None)
