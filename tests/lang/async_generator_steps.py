"""Steps of async generators that are awaited one inside the other: values, ends, exceptions, what is seen in between."""
import sys
import traceback
import types


def run(coroutine):
    pauses = 0
    while True:
        try:
            coroutine.send(None)
        except StopIteration as stop:
            return pauses, stop.value
        pauses += 1


@types.coroutine
def pause():
    return (yield)


class Tree:
    def __init__(self, left, value, right):
        self.left, self.value, self.right = left, value, right

    async def __aiter__(self):
        if self.left:
            async for value in self.left:
                yield value
        yield self.value
        if self.right:
            async for value in self.right:
                yield value


def tree(values):
    if not values:
        return None
    half = len(values) // 2
    return Tree(tree(values[:half]), values[half], tree(values[half + 1:]))


async def nested(depth):
    if depth:
        async for value in nested(depth - 1):
            yield value
    else:
        yield "bottom"
        await pause()
        yield ("a", "tuple")


async def several(count):
    for i in range(count):
        await pause()
        yield i


async def doubled(source):
    async for value in source:
        yield value * 2


async def failing(error):
    yield 1
    raise error


async def talking():
    try:
        got = yield 1
        print("got", got)
        await pause()
        got = yield 2, 3
        print("got", got)
    finally:
        print("finally")


async def collect(source):
    return [value async for value in source]


print(run(collect(tree(range(40)))))
print(run(collect(nested(150))))
print(run(collect(doubled(doubled(several(3))))))


async def ends():
    count = 0
    async for _ in several(2):
        count += 1
    else:
        print("else", count)
    async for value in doubled(several(5)):
        if value == 4:
            break
    else:
        print("not reached")
    try:
        raise ValueError
    except ValueError:
        print(await collect(doubled(several(2))), repr(sys.exception()))
    print(sys.exception())


print(run(ends()))


async def by_hand():
    generator = talking()
    print(await generator.__anext__(), await generator.asend(5), generator.ag_running)
    for _ in range(2):
        try:
            await generator.asend("last")
        except StopAsyncIteration as end:
            print("end", end.args, end.__traceback__.tb_lineno == end.__traceback__.tb_frame.f_lineno)
    step = generator.__anext__()
    try:
        await step
    except StopAsyncIteration:
        pass
    try:
        await step
    except RuntimeError as error:
        print(error)
    generator = talking()
    print(await generator.__anext__())
    await generator.aclose()
    print(generator.ag_frame, generator.ag_running)
    generator = talking()
    await generator.__anext__()
    try:
        await generator.athrow(ZeroDivisionError)
    except ZeroDivisionError as error:
        print(repr(error))


print(run(by_hand()))


async def errors():
    for error in KeyError(3), StopAsyncIteration(), StopIteration(), GeneratorExit():
        try:
            print(await collect(doubled(failing(error))))
        except BaseException as caught:
            print(repr(caught), repr(caught.__cause__), [entry.name for entry in traceback.extract_tb(caught.__traceback__)])


print(run(errors()))


async def seen():
    async def looking():
        frame = sys._getframe()
        yield frame.f_back.f_code.co_name
        yield generator.ag_running, generator.ag_await
        await pause()

    generator = looking()
    async for value in generator:
        print(value)
    print(generator.ag_running, generator.ag_frame)
    waiting = several(1)
    first, second = waiting.__anext__(), waiting.__anext__()
    first.send(None)
    print(waiting.ag_running)
    try:
        second.send(None)
    except RuntimeError as error:
        print(error)
    first.close()
    print(waiting.ag_running)


print(run(seen()))


async def counts():
    thing = object()

    async def same():
        while True:
            yield thing

    source = same()
    n = 0
    async for value in source:
        n += 1
        if n == 3:
            break
    print(value is thing, sys.getrefcount(thing) - sys.getrefcount(object()), sys.getrefcount(source))
    await source.aclose()
    print(sys.getrefcount(source))


print(run(counts()))


def thrown(depth):
    coroutine = collect(nested(depth))
    coroutine.send(None)
    try:
        coroutine.throw(KeyError("thrown"))
    except KeyError as error:
        names = [entry.name for entry in traceback.extract_tb(error.__traceback__)]
        print(repr(error), len(names), names[:3], names[-2:])


thrown(0)
thrown(4)


def raising(error):
    raise error


def caught():
    """Exceptions in exceptions, and what is being handled."""
    try:
        raising(KeyError(1))
    except (ValueError, KeyError) as outer:
        print(repr(outer), repr(sys.exception()))
        try:
            raise TypeError
        except TypeError as inner:
            print(repr(inner), repr(inner.__context__), repr(sys.exception()))
        print(repr(sys.exception()))
    print(sys.exception())
    for wrong in int, 5, (KeyError, 5):
        try:
            try:
                raise IndexError
            except wrong:
                print("not reached")
        except BaseException as error:
            print(repr(error), repr(error.__context__))


caught()
