# weakref.finalize: called once, by hand, by death, or at exit.
import weakref


class A:
    pass


a = A()
f = weakref.finalize(a, print, "gone", 1, sep=":")
print(f.alive, f.atexit, f.peek()[1:])
del a
print(f.alive, f(), f.peek())
b = A()
g = weakref.finalize(b, lambda: "result")
print(g(), g(), g.alive)
c = A()
h = weakref.finalize(c, print, "never")
print(h.detach()[2], h.alive)
del c
d = A()
k = weakref.finalize(d, print, "at exit")
e = A()
m = weakref.finalize(e, print, "not at exit")
m.atexit = False
order = [A(), A()]
for i, x in enumerate(order):
    weakref.finalize(x, print, "exit", i)
