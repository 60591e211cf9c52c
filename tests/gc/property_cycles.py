# Descriptors, partials, methods and iterators as parts of cycles.
import gc
import functools
import itertools

gc.disable()
gc.collect()


class A:
    pass


def check(make):
    a = A()
    a.x = make(a)
    del a
    print(gc.collect() > 0, gc.collect())


check(lambda a: property(lambda self: a))
check(lambda a: functools.partial(print, a))
check(lambda a: iter([a]))
check(lambda a: enumerate([a]))
check(lambda a: zip([a], [a]))
check(lambda a: map(str, [a]))
check(lambda a: itertools.chain([a]))
check(lambda a: itertools.cycle([a]))
check(lambda a: slice(a))
check(lambda a: {a: a}.items())
check(lambda a: [a].__iter__)
check(lambda a: staticmethod(lambda: a))
check(lambda a: ValueError(a))
