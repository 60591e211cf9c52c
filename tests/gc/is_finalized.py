# The flag that a finaliser has run.
import gc


class A:
    def __del__(self):
        global saved
        saved = self


a = A()
print(gc.is_finalized(a))
del a
print(gc.is_finalized(saved))
a = saved
del saved, a
print("saved" in globals())
print(gc.is_finalized(1), gc.is_finalized([]))
