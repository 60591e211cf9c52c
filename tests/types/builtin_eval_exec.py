# eval, exec, compile, globals, locals.
print(eval("1 + 2"), eval(" 3 "), eval("x", {"x": 5}), eval("x + y", {"x": 1}, {"y": 2}), eval(b"4"), eval("[i for i in range(3)]"), eval("(lambda: 7)()"), eval("a", globals={"a": "kw"}))
ns = {}
exec("a = 1\ndef f(): return a + 1\nb = f()", ns)
print(sorted(k for k in ns if k != "__builtins__"), ns["b"], "__builtins__" in ns)
exec("z = 10")
print(z)
loc = {}
exec("q = 1\nclass C: r = q", {}, loc) if False else exec("q = 1", {}, loc)
print(loc)


def f():
    x = 1
    exec("x = 2; new = 3")
    d = {}
    exec("x = 5", globals(), d)
    return x, d, eval("x + 1")


print(f())
for src, mode in [("1+", "eval"), ("x = 1", "eval"), ("", "eval"), ("return 1", "exec"), ("1\n2", "single"), ("a b", "exec")]:
    try:
        compile(src, "<s>", mode)
    except SyntaxError as e:
        print(type(e).__name__, e.msg, e.lineno, e.offset)
for g in (lambda: eval(5), lambda: exec(5), lambda: eval("x", 5), lambda: eval("1", {}, 5), lambda: compile("1", "f", "bad"), lambda: eval("undefined_name"), lambda: eval("1\0"), lambda: compile(5, "f", "exec"), lambda: exec("1/0"), lambda: eval("x", {"__builtins__": {}}), lambda: eval("len", {"__builtins__": {}}), lambda: exec("import sys", {"__builtins__": {}}), lambda: eval()):
    try:
        g()
    except Exception as e:
        print(type(e).__name__, e)
exec(compile("5 + 5\n'shown'\nNone", "<i>", "single") if False else compile("5 + 5", "<i>", "single"))
c = compile("w = 3; w * 2", "<f>", "exec")
ns = {}
print(exec(c, ns), ns["w"], eval(compile("6*7", "", "eval")))


class G(dict):
    def __missing__(self, k):
        return f"made {k}"


print(eval("anything", {}, G()))
print(locals() is globals(), globals()["__name__"])
exec("global gg\ngg = 4")
print(gg)
print(eval("__builtins__['len']" if isinstance(__builtins__, dict) else "__builtins__.len")("ab"))
def closure():
    v = 3
    def inner():
        return v
    return inner
try:
    exec(closure().__code__, {})
except TypeError as e:
    print(e)
exec(closure().__code__, {}, closure=closure().__closure__)
