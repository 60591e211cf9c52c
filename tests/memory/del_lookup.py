# __del__ is looked up on the type; instances cannot override it.
class A:
    def __del__(self):
        print("class del")


a = A()
a.__del__ = lambda: print("instance del")
del a
b = A()
b.__del__()
del b


class B(A):
    def __del__(self):
        print("B")
        super().__del__()


B()


class C:
    pass


c = C()
C.__del__ = lambda self: print("added later")
del c
d = C()
del C.__del__
del d
print("no del")


class S:
    __slots__ = ("x", "__weakref__")

    def __del__(self):
        print("slots del", self.x)


s = S()
s.x = 5
s = None


class M(type):
    def __del__(cls):
        print("class collected", cls.__name__)


def make():
    class Temp(metaclass=M):
        pass


make()
import gc
gc.collect()
print("end")
