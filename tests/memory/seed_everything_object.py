# Everything is an object: it has an identity, a type and a count.
import sys


def function():
    pass


class Class:
    def method(self):
        pass


things = [5, 1.5, True, None, "text", (), [], {}, function, Class, Class(), Class().method, sys, type, len, range(3), ...,
          function.__code__, (i for i in "x"), 1j, NotImplemented, lambda: 0]
for thing in things:
    print(type(thing).__name__, isinstance(thing, object), isinstance(id(thing), int), sys.getrefcount(thing) > 0,
          sys.getsizeof(thing) > 0, type(type(thing)).__name__)
print(all(issubclass(type(thing), object) for thing in things))
