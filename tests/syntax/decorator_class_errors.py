# Mistakes around decorators, classes, type parameters and type aliases.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check("@x", "@x\ny = 1", "@x\n@y\ndef f(): pass", "@\ndef f(): pass", "@x y\ndef f(): pass", "@x; def f(): pass", "@x()[0].y\nclass A: pass", "@a if b else c\ndef f(): pass", "@(yield)\ndef f(): pass", "@x\nif y: pass", "@*x\ndef f(): pass", "@x, y\ndef f(): pass", "class A(", "class A()", "class 1: pass", "class A.B: pass", "class A(B C): pass", "class A():\npass", "class None: pass", "class A: x = 1; def f(): pass", "class A[T]: pass", "class A[T, T]: pass", "class A[]: pass", "class A[1]: pass", "class A[T:]: pass", "class A[T=]: pass", "class A[T=int, U]: pass", "class A[*Ts: int]: pass", "class A[**P: int]: pass", "class A[*Ts = int, U=str]: pass", "class A[*Ts=*x]: pass", "class A[T: int = str]: pass", "class A[T: (yield)]: pass", "class A[T: (x := 1)]: pass", "class A[T: await x]: pass", "def f[T](): pass", "def f[T, T](): pass", "def f[](): pass", "def f[T=1, U](): pass", "def f[*T, **P](): pass", "def f[T]: pass", "def f[T.x](): pass", "type X = int", "type X[T] = list[T]", "type X[T, T] = 1", "type X", "type X =", "type X = yield", "type X = (x := 1)", "type 1 = 2", "type X.y = 1", "type X[] = 1", "type X = *y", "type X: int", "type X += 1", "type = 1", "type X[T=int, U] = 1", "type __debug__ = 1", "class __debug__: pass", "def __debug__(): pass", "class A:\n __slots__ = x\n nonlocal y", "def f() -> : pass", "def f() -> x y: pass", "def f() - > x: pass", "def f(): -> x", "def f(:", "def f)(: pass", "def (x): pass", "def f(x):: pass", "def f() pass", "class A(x for x in y, z): pass", "async class A: pass", "async x", "async if x: pass", "async def", "await = 1", "async = 1", "def async(): pass")
