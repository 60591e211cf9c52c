# del of names, items, slices, attributes, and in functions.
a = 1
del a
try:
    a
except NameError as e:
    print(e)

lst = list(range(10))
del lst[0]
del lst[-1], lst[2:4]
print(lst)
del lst[::2]
print(lst)
d = {1: "a", 2: "b"}
del d[1]
print(d)
try:
    del d[1]
except KeyError as e:
    print("KeyError", e)


class A:
    klass = 1

    def __delattr__(self, name):
        print("delattr", name)
        object.__delattr__(self, name)

    def __delitem__(self, key):
        print("delitem", key)


o = A()
o.x = 1
del o.x
del o[1:2, ...]
try:
    del o.klass
except AttributeError as e:
    print(e)
x = y = z = 0
del (x, [y, z])
print("x" in globals(), "y" in globals())


def f(p):
    del p
    try:
        return p
    except UnboundLocalError as e:
        return str(e)


print(f(1))


def g():
    v = 1
    def h():
        nonlocal v
        del v
    h()
    try:
        v
    except UnboundLocalError as e:
        print(e)


g()
try:
    del never_defined
except NameError as e:
    print(e)
try:
    del (1,)[0]
except TypeError as e:
    print(e)
