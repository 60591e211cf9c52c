# What dis shows of small integers, of waits that cannot be interrupted, of the starts of functions and of comprehensions.
import dis


def codes(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, type(code)):
            yield from codes(constant)


def show(source, *names):
    for code in codes(compile(source, "x", "exec")):
        for i in dis.get_instructions(code):
            if i.opname in names:
                print(code.co_name, i.opname, i.argval if i.opname == "LOAD_SMALL_INT" else "", tuple(i.positions))


show("x = 0, y, 255, 256, -1, True", "LOAD_SMALL_INT")
show("def f(): pass\ndef g():\n yield\nclass C:\n x = y\nl = lambda: 1\nasync def c(): pass", "RESUME", "RETURN_GENERATOR")
show("async def f():\n    async for x in y:\n        pass\n    await z", "JUMP_BACKWARD_NO_INTERRUPT", "END_ASYNC_FOR", "END_SEND")
show("{x\n  :2*x\n  for x\n  in [1, 2]}", "MAP_ADD", "JUMP_BACKWARD")
show("async def f():\n  [x\n    async for x in y]\n", "LIST_APPEND", "JUMP_BACKWARD")


async def loop():
    async for letter in letters:
        2
    3


def branch(x):
    if x:
        A
    else:
        B


for function in loop, branch:
    print(len(list(function.__code__.co_branches())))
