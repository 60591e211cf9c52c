# vars, dir, __dict__ and attribute order.
class A:
    c = 1

    def __init__(self):
        self.z, self.a, self.m = 1, 2, 3

    def f(self): pass


a = A()
print(vars(a), list(a.__dict__), [n for n in dir(a) if n[0] != "_"], [n for n in A.__dict__ if n[0] != "_"])
a.__dict__["added"] = 4
print(a.added, vars(a) is a.__dict__)
del a.__dict__["z"]
print(hasattr(a, "z"), vars(a))
a.__dict__ = {"fresh": 1}
print(vars(a), a.fresh, hasattr(a, "m"))
try:
    a.__dict__ = 5
except TypeError as e:
    print(e)
class B(A): d = 2
print([n for n in dir(B()) if n[0] != "_"], [n for n in dir(B) if n[0] != "_"], "c" in vars(B), vars(B)["d"])
print(type(vars(A)).__name__, len(dir()) > 0, sorted(vars(type("T", (), {"x": 1}))) == sorted(["__module__", "x", "__dict__", "__weakref__", "__doc__", "__static_attributes__", "__firstlineno__"]) )
for i in range(40):
    setattr(a, f"attr{i}", i)
print(len(vars(a)), a.attr39, list(vars(a))[1])
