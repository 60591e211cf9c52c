# Equality and hash of weak references, alive and dead.
import weakref


class A:
    def __init__(self, v):
        self.v = v

    def __eq__(self, other):
        return self.v == other.v

    def __hash__(self):
        return hash(self.v)


a, b = A(1), A(1)
r, s = weakref.ref(a), weakref.ref(b)
q = weakref.ref(a, print)
print(r == s, r == q, hash(r) == hash(s), r != s)
del b
print(r == s, s == s, hash(s) == hash(1))
late = A(2)
w = weakref.ref(late)
del late
try:
    hash(w)
except TypeError as e:
    print(e)
print(w == w, w == r)
