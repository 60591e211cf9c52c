"""Trains asyncio: tasks, queues, locks, timeouts, async generators and plain coroutines."""

import asyncio
import sys
from contextlib import asynccontextmanager


class Awaitable:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        received = yield self.value
        return self.value + (received or 0)


async def add(values):
    total = 0
    for value in values:
        total += await Awaitable(value)
    return total


async def outer(depth, values):
    if depth:
        return 1 + await outer(depth - 1, values)
    return await add(values)


def drive(coroutine):
    """Run a coroutine by hand, sending back what it yields."""
    steps, answer = 0, None
    while True:
        try:
            answer = coroutine.send(answer)
            steps += 1
        except StopIteration as end:
            return steps, end.value


async def countdown(n):
    while n:
        yield n
        n -= 1
        if n % 3 == 0:
            await asyncio.sleep(0)


@asynccontextmanager
async def ticket(pool, log):
    await pool.acquire()
    log.append("+")
    try:
        yield len(log)
    finally:
        log.append("-")
        pool.release()


class Meter:
    def __init__(self):
        self.open = 0
        self.most = 0

    async def __aenter__(self):
        self.open += 1
        self.most = max(self.most, self.open)
        return self

    async def __aexit__(self, kind, error, trace):
        self.open -= 1
        return kind is KeyError


async def producer(queue, start, number):
    for item in range(start, start + number):
        await queue.put(item)
    await queue.put(None)


async def consumer(queue, producers, results):
    while producers:
        item = await queue.get()
        if item is None:
            producers -= 1
        elif item % 2:
            results.append(item * item)
        else:
            results.insert(0, item)
        queue.task_done()


async def worker(number, pool, meter, log):
    async with ticket(pool, log) as position, meter:
        await asyncio.sleep(0)
        if number % 7 == 3:
            raise KeyError(number)
        if number % 7 == 5:
            raise LookupError(number)
        total = sum([n async for n in countdown(number % 5 + 2) if n != 2])
        return total + position % 2
    return -1


async def forever(event):
    try:
        await event.wait()
    except asyncio.CancelledError:
        return "cancelled"


async def one_round(seed):
    queue = asyncio.Queue(maxsize=4)
    results = []
    await asyncio.gather(consumer(queue, 3, results),
                         *(producer(queue, seed + n * 10, 8) for n in range(3)))
    pool, meter, log = asyncio.Semaphore(3), Meter(), []
    tasks = [asyncio.create_task(worker(n + seed, pool, meter, log)) for n in range(12)]
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    failed = sum(isinstance(outcome, LookupError) for outcome in outcomes)
    good = sum(outcome for outcome in outcomes if isinstance(outcome, int))
    event = asyncio.Event()
    waiting = asyncio.create_task(forever(event))
    future = asyncio.get_running_loop().create_future()
    future.add_done_callback(lambda done: log.append(done.result()))
    asyncio.get_running_loop().call_soon(future.set_result, "=")
    await future
    waiting.cancel()
    ended = await waiting
    async with asyncio.TaskGroup() as group, asyncio.timeout(60):
        first = group.create_task(asyncio.sleep(0, seed))
        second = group.create_task(asyncio.wait_for(worker(1, pool, meter, log), 60))
    finished, pending = await asyncio.wait([asyncio.ensure_future(asyncio.sleep(0, n))
                                            for n in range(4)])
    return (sum(results) + failed * 100 + good + len(ended) + meter.most + log.count("+")
            + first.result() + second.result() + len(pending)
            + sum(task.result() for task in finished))


async def run(rounds):
    total = 0
    for seed in range(rounds):
        steps, value = drive(outer(6, range(seed % 10, seed % 10 + 25)))
        total = (total * 67 + steps + value + await one_round(seed)) % 1_000_003
    return total


def main(scale):
    print("async tasks", asyncio.run(run(56 * scale)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
