# Finalisers: once, with resurrection, of classes changed later, of instances without __init__.
class A:
    def __del__(self):
        print("del", hasattr(self, "x"))
        global kept
        kept = self


a = A.__new__(A)
del a
kept.x = 1
del kept
print("kept" in globals())


class B:
    pass


b = B()
B.__del__ = lambda self: print("added later")
del b
b = B()
del B.__del__
del b
print("removed")


class C(A):
    def __del__(self):
        print("C")
        super().__del__()


c = C()
del c
kept = None
c = C()
c.__del__ = lambda: print("not looked up on instances")
del c
kept = None
