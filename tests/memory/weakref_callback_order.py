# Callbacks run newest first, after the reference is dead.
import weakref


class A:
    pass


a = A()
refs = [weakref.ref(a, lambda r, i=i: print(i, r() is None, r is refs[i])) for i in range(4)]
shared = weakref.ref(a)
print(weakref.getweakrefcount(a), shared is weakref.ref(a), refs[0] is refs[1])
del refs[1:2]
refs.insert(1, None)
del a
print(shared(), [r and r() for r in refs])
