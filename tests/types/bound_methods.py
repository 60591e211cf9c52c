# Bound methods: identity, equality, hash, attributes.
class A:
    tag = "A"

    def m(self, x=0):
        """doc"""
        return (self.tag, x)


a, b = A(), A()
m = a.m
print(m(), m(5), m.__self__ is a, m.__func__ is A.m, m.__name__, m.__doc__, a.m == a.m, a.m is a.m, a.m == b.m, hash(a.m) == hash(a.m), A.m == A.m, A.m is A.m)
print({a.m: 1}[a.m], list(map(a.m, [1, 2])), sorted([3, 1], key=[1, 3].index), "x,y".split(",") == str.split("x,y", ","), str.upper("q"), list(map(str.strip, [" a "])))
a.f = b.m
print(a.f() is not None, a.f.__self__ is b)
f = A.m
print(f(a, 7), f(type("Duck", (), {"tag": "duck"})()))
a.m = lambda: "instance attribute"
print(a.m())
del a.m
A.m = lambda self, x=0: "replaced"
print(a.m(), m())
append = [].append
append(1)
print(append.__self__, append == append.__self__.append, append.__name__, [].append == [].append)
try:
    m.attr = 1
except AttributeError as e:
    print(e)
