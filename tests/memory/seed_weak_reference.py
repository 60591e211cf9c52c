# A weak reference does not keep its object.
import weakref


class MyClass:
    pass


obj = MyClass()
weak = weakref.ref(obj)
print(weak() is obj)
del obj
print(weak())
