# Tasks: steps, wrong yields, cancellation, eager start, who awaits whom, references and cycles.
import asyncio
import contextvars
import gc
import re
import sys
import threading
import weakref

var = contextvars.ContextVar("var", default="outside")


def plain(value):
    return re.sub(r"0x[0-9a-f]+|Task-\d+", "N", re.sub(r" at \S+\.py:\d+", "", str(value)))


class Yields:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        return (yield self.value)


async def refused(what):
    try:
        await Yields(what)
    except RuntimeError as e:
        print("RuntimeError", plain(e)[:60])


async def wrong_yields(loop):
    await Yields(None)
    await refused(5)
    await refused((x for x in ()))
    await refused(loop.create_future())
    await refused(asyncio.current_task())
    other = asyncio.new_event_loop()
    future = other.create_future()
    future._asyncio_future_blocking = True
    await refused(future)
    other.close()
    done = loop.create_future()
    done.set_result((1, 2))
    print(await done, await asyncio.shield(done))


async def stubborn(log):
    while True:
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError as e:
            log.append(e.args)
            if len(log) == 2:
                raise


async def cancellations(loop):
    log = []
    task = loop.create_task(stubborn(log), name="stubborn")
    await asyncio.sleep(0)
    print(task.cancel("first"), task.cancelling(), task._must_cancel)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print(task.done(), task.cancelling(), task.uncancel(), task.uncancel())
    task.cancel("second")
    try:
        await task
    except asyncio.CancelledError as e:
        print("cancelled", e.args, task.cancelled(), log)
    try:
        task.exception()
    except asyncio.CancelledError as e:
        print("again", e.args)
    early = loop.create_task(stubborn([]))
    early.cancel()
    print(early._must_cancel, early.cancelled(), plain(early)[:24])
    print(await asyncio.gather(early, return_exceptions=True), early.get_name() != task.get_name())


async def eager(loop):
    seen = []

    async def body(wait):
        seen.append((asyncio.current_task() is not outer, var.get(), asyncio.current_task() in asyncio.all_tasks()))
        var.set("changed")
        if wait:
            await asyncio.sleep(0)
        return len(seen)

    outer = asyncio.current_task()
    context = contextvars.copy_context()
    task = asyncio.Task(body(False), loop=loop, eager_start=True, context=context)
    print(task.done(), task.result(), task.get_coro(), context[var], var.get(), asyncio.current_task() is outer)
    task = asyncio.Task(body(True), loop=loop, eager_start=True)
    print(task.done(), task in asyncio.all_tasks(), await task, seen)


async def awaited_by(loop):
    future = loop.create_future()

    async def wait():
        return await future

    a, b = loop.create_task(wait()), loop.create_task(wait())
    print(future._asyncio_awaited_by)
    await asyncio.sleep(0)
    print(future._asyncio_awaited_by == {a, b}, a._fut_waiter is future, len(future._callbacks))
    future.set_result("r")
    print(future._callbacks, await a, await b, future._asyncio_awaited_by, a._fut_waiter)


class Marked(asyncio.Task):
    pass


def references():
    class Value:
        pass

    loop = asyncio.new_event_loop()
    value = Value()
    gone = weakref.ref(value)
    task = Marked(asyncio.sleep(0, value), loop=loop)
    task.note = value
    there = weakref.ref(task)
    print(loop.run_until_complete(task) is value, task in asyncio.all_tasks(loop), asyncio.all_tasks(loop))
    task.me = task
    del task, value
    print(gone() is None, there() is None)
    gc.collect()
    print(gone() is None, there() is None)
    future = loop.create_future()
    there = weakref.ref(future)
    del future
    print(there() is None)
    loop.close()


async def threads(loop):
    found = []

    def look():
        found.append((asyncio.current_task(loop), asyncio.all_tasks(loop), asyncio._get_running_loop()))

    t = threading.Thread(target=look)
    t.start()
    t.join()
    current, tasks, running = found[0]
    print(current is asyncio.current_task(), tasks == asyncio.all_tasks(), running)


async def main():
    loop = asyncio.get_running_loop()
    told = []
    loop.set_exception_handler(lambda loop, context: told.append((context["message"], repr(context.get("exception")), list(context))))
    for part in (wrong_yields, cancellations, eager, awaited_by, threads):
        print("--", part.__name__)
        await part(loop)

    async def fail():
        raise LookupError("nobody looks")

    task = loop.create_task(fail())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print(task._log_traceback, plain(task))
    del task
    pending = loop.create_task(asyncio.Event().wait())
    await asyncio.sleep(0)
    waiter = pending._fut_waiter
    waiter.remove_done_callback(waiter._callbacks[0][0])
    del pending, waiter
    gc.collect()
    for context in told:
        print(*context)


references()
asyncio.run(main())


async def interrupted():
    raise KeyboardInterrupt("from a task")


try:
    asyncio.run(interrupted())
except KeyboardInterrupt as e:
    print(repr(e))
