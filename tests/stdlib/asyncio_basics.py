# asyncio: run, gather, sleep, queues, timeouts.
import asyncio


async def work(n, log):
    await asyncio.sleep(0.001 * n)
    log.append(n)
    return n * 10


async def main():
    log = []
    r = await asyncio.gather(work(3, log), work(1, log), work(2, log))
    print(r, log)
    t = asyncio.create_task(work(1, log))
    print(t.done(), await t, t.done())
    q = asyncio.Queue()

    async def producer():
        for i in range(3):
            await q.put(i)
        await q.put(None)

    async def consumer():
        got = []
        while (v := await q.get()) is not None:
            got.append(v)
        return got

    _, got = await asyncio.gather(producer(), consumer())
    print(got)
    try:
        await asyncio.wait_for(asyncio.sleep(1), 0.01)
    except TimeoutError:
        print("timeout")
    async with asyncio.TaskGroup() as tg:
        a = tg.create_task(work(1, log))
    print(a.result())
    return "done"


print(asyncio.run(main()))
