# oracle: 3.13
# Cells own what a closure sees; functions own their cells.
import sys


class T:
    pass


def outer(x):
    def inner():
        return x

    print("in outer", sys.getrefcount(x))
    return inner


t = T()
f = outer(t)
print("closure", sys.getrefcount(t), len(f.__closure__))
g = f
cell = f.__closure__[0]
print("cell", sys.getrefcount(t), cell.cell_contents is t)
del f
print(sys.getrefcount(t))
del g
print("function gone, cell stays", sys.getrefcount(t))
cell.cell_contents = None
print("cell emptied", sys.getrefcount(t))


def counter():
    n = T()

    def get():
        return n

    def put(value):
        nonlocal n
        n = value

    return get, put


get, put = counter()
put(t)
print("nonlocal", sys.getrefcount(t), get() is t)
put(None)
print("end", sys.getrefcount(t))
