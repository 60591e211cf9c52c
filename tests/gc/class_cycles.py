# Classes are cycles too.
import gc
import weakref

gc.disable()
gc.collect()


def make():
    class K:
        x = 1

        def m(self):
            return __class__
    return weakref.ref(K)


r = make()
print(r() is not None, r().__name__)
gc.collect()
print(r())


class Base:
    pass


def sub():
    class S(Base):
        pass
    return S()


o = sub()
print([c.__name__ for c in Base.__subclasses__()])
del o
gc.collect()
print(Base.__subclasses__())
