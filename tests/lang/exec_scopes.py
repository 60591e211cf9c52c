# Where names live in exec, eval and nested exec.
x = "global"


def f():
    x = "local"
    exec("print(x)")
    print(eval("x"), eval("x", globals()), eval("[x for _ in range(1)]"))
    exec("x = 'changed'; y = 'new'")
    print(x)
    try:
        y
    except NameError as e:
        print(e)
    ns = {"x": "ns"}
    exec("def g(): return x\nr = g()", ns)
    print(ns["r"])
    loc = {}
    try:
        exec("a = 1\ndef g(): return a\ng()", {}, loc)
    except NameError as e:
        print(e)
    exec("class C:\n  v = x\n", globals(), loc)
    print(loc["C"].v, sorted(loc))


f()
exec("x = 'changed globally'")
print(x)
exec("""
def fact(n):
    return 1 if n < 2 else n * fact(n - 1)
print(fact(5))
""")
code = compile("result = sum(values)", "<s>", "exec")
for values in ([1, 2], [3, 4]):
    exec(code)
    print(result)
print(eval("eval('1 + ' + '2')"), eval("(lambda v: v + x_)(1)", {"x_": 10}))
exec("exec('deep = 1')")
print(deep)
g = {}
exec("import sys; ok = sys.maxsize > 0", g)
print(g["ok"], "sys" in g)
d = {"__builtins__": {"print": print}}
exec("print('restricted')", d)
try:
    exec("len('a')", d)
except NameError as e:
    print(e)
