# Subclasses of weakref.ref carry data; WeakMethod.
import weakref


class KeyedRef(weakref.ref):
    __slots__ = ("key",)

    def __new__(cls, ob, key, callback=None):
        return super().__new__(cls, ob, callback)

    def __init__(self, ob, key, callback=None):
        super().__init__(ob, callback)
        self.key = key


class A:
    def method(self):
        return "called"


a = A()
r = KeyedRef(a, "the key", lambda ref: print("gone", ref.key))
print(r.key, r() is a, KeyedRef(a, "k2") is r, weakref.getweakrefcount(a))
w = weakref.WeakMethod(a.method)
print(w()())
plain = weakref.ref(a.method)
print(plain())
del a
print(w(), r())
