# oracle: 3.13
# A context manager is owned until its block has ended.
import sys


class C:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        print("exit", args[0])
        return True


c = C()
base = sys.getrefcount(c)
with c:
    print("no name", sys.getrefcount(c) - base > 0)
print(sys.getrefcount(c) - base)
with c as name:
    print("name", sys.getrefcount(c) - base > 1)
print(sys.getrefcount(c) - base)
del name
with c:
    raise ValueError
print("after an exception", sys.getrefcount(c) - base)
with c as a, c as b:
    pass
del a, b
print("end", sys.getrefcount(c) - base)
