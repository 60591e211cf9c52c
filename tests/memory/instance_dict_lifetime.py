# An instance's dict may outlive it.
class T:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)


class A:
    pass


a = A()
a.x = T("x")
d = a.__dict__
del a
print("a gone", sorted(d))
d.clear()
print("cleared")
b = A()
b.y = T("y")
b.__dict__ = {"z": T("z")}
print("replaced", b.z.n)
del b
c = A()
c.__dict__["w"] = T("w")
print(c.w.n)
del c.w
print("w deleted")
e = A()
e.p = T("p")
e.p = T("p2")
print("overwritten")
e.__dict__.pop("p")
print("popped")
m = A()
m.self = m
m.t = T("in cycle")
del m
import gc
gc.collect()
print("collected")
