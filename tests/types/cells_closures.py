# Cell objects.
def f():
    x = 1
    def g(): return x
    return g


c = f().__closure__[0]
print(c.cell_contents, type(c).__name__)
C = type(c)
print(C(5).cell_contents, C() == C(), C(1) < C(2), C(1) == C(1), C(1) == 1)
e = C()
try:
    e.cell_contents
except ValueError as err:
    print(err)
e.cell_contents = "set"
print(e.cell_contents)
g = f()
g.__closure__[0].cell_contents = 99
print(g())
F = type(f)
h = F(g.__code__, {}, "h", None, (C("custom"),))
print(h())
for bad in ((), (1,), (C(), C())):
    try:
        F(g.__code__, {}, "h", None, bad)
    except (TypeError, ValueError) as err:
        print(err)
