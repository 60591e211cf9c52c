# return, yield, await, break and continue in the wrong place.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check("return", "return 1", "yield", "yield 1", "x = yield", "yield from x", "await x", "class A:\n return 1", "class A:\n yield 1", "class A:\n await x", "break", "continue", "if x:\n break", "def f():\n break", "def f():\n continue", "while x:\n def f():\n  break", "for x in y:\n class A:\n  continue", "while 1: pass\nelse: break", "for x in y: pass\nelse: continue", "def f():\n await x", "def f():\n async with x: pass", "def f():\n async for x in y: pass", "def f():\n [x async for x in y]", "async with x: pass", "async for x in y: pass", "[x async for x in y]", "async def f():\n yield from x", "async def f():\n yield 1\n return 2", "async def f():\n yield 1\n return", "def f():\n yield 1\n return 2", "async def f():\n await x\n [await x for x in y]\n [x async for x in y]", "[(yield x) for x in y]", "def f():\n [(yield x) for x in y]", "def f():\n (x for x in (yield))", "def f():\n ((yield x) for x in y)", "lambda: (yield)", "lambda: await x", "async def f():\n lambda: await x", "async def f(x=await y): pass", "def f(x=(yield)): pass", "async def f():\n class A:\n  await x", "with x: return", "try: return\nfinally: pass", "def f() -> (yield): pass", "def f(a: (yield)): pass", "x: (yield)", "class A[T: (yield)]: pass", "type X = (yield)", "type X = (await y)", "class A((yield)): pass", "while x:\n try: pass\n except* A:\n  break", "def f():\n try: pass\n except* A:\n  return", "while x:\n try: pass\n except* A:\n  for i in y: break")
