def stubborn():
    try:
        yield 1
    finally:
        raise ValueError("in finally")


g = stubborn()
next(g)
del g
print("after")


class Callback:
    pass


import weakref

thing = Callback()
reference = weakref.ref(thing, lambda r: 1 / 0)
del thing
print("end")
