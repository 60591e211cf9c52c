# The main module's own names.
import sys

print(__name__, __doc__, __package__, __spec__)
print(__builtins__ is sys.modules["builtins"])
main = sys.modules["__main__"]
print(main.__name__, main.__dict__ is globals())
main.injected = 5
print(injected)
globals()["also"] = 6
print(also, main.also)
del main.injected
try:
    injected
except NameError as e:
    print(e)
print(sys.argv)
print(type(sys).__name__, repr(sys), type(sys.modules).__name__)
M = type(sys)
m = M("made", "its doc")
print(m, m.__name__, m.__doc__, m.__dict__["__loader__"])
m.x = 1
print(m.x, sorted(vars(m)))
try:
    m.y
except AttributeError as e:
    print(e)


class Lazy(M):
    def __getattr__(self, name):
        return "lazy " + name

    @property
    def prop(self):
        return "prop"


m.__class__ = Lazy
print(m.anything, m.prop, m.x)
try:
    m.__class__ = int
except TypeError as e:
    print(e)
n = M("n")
n.__getattr__ = lambda name: f"module getattr {name}"
print(n.q)
try:
    M()
except TypeError as e:
    print(e)
