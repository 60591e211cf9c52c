# await outside async functions.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'await x',
    'def f():\n await x',
    'lambda: await x',
    'class A:\n await x',
    '[await x for x in y]',
    'async def f():\n await x',
    'async def f():\n def g():\n  await x',
    'x = await',
    'async def f(): await',
)
