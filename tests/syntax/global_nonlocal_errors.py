# Mistakes with global and nonlocal.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check("nonlocal x", "def f():\n nonlocal x", "def f():\n x = 1\n global x", "def f():\n print(x)\n global x", "def f(x):\n global x", "def f(x):\n nonlocal x", "def f():\n global x, x", "def f():\n global x\n nonlocal x", "def f():\n x = 1\n def g():\n  x = 2\n  nonlocal x", "def f():\n x = 1\n def g():\n  print(x)\n  nonlocal x", "def f():\n x = 1\n def g():\n  nonlocal x\n  global x", "def f():\n x: int = 1\n global x", "def f():\n global x\n x: int", "def f():\n x = 1\n def g():\n  nonlocal x\n  x: int = 2", "x = 1\nglobal x", "global x\nx = 1", "class A:\n nonlocal x", "def f():\n x = 1\n class A:\n  nonlocal x\n  x = 2", "global 1", "global x.y", "nonlocal (x)", "global x y", "global x,", "global None", "def f():\n class A:\n  x = 1\n  def g(self):\n   nonlocal x", "def f():\n global f\n import f", "def f():\n import x\n global x", "def f():\n for x in y: pass\n global x", "def f():\n def x(): pass\n global x", "def f():\n (x := 1)\n global x", "def f[T]():\n nonlocal T", "def f[T]():\n global T", "class A[T]:\n nonlocal T", "def f():\n global __debug__", "def f():\n try: pass\n except E as x: pass\n global x")
