# super objects as values.
class A:
    x = "A.x"
    def f(self): return "A.f"
class B(A):
    x = "B.x"
    def f(self): return "B.f"
b = B()
s = super(B, b)
print(s.x, s.f(), s.__thisclass__, s.__self_class__, s.__self__ is b, type(s).__name__, repr(s).split(",")[0])
print(super(B, B).f(b), super(B, B).x, super(A, b).__class__ is super)
for f in (lambda: super(A, b).x, lambda: super(B, A()), lambda: super(5, b), lambda: super(B, 5), lambda: s.nope, lambda: super(B), lambda: super(B, b, 1)):
    try:
        f()
        print("fine")
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
u = super(B)
B.up = u
print(b.up.f(), u.__self__)
try:
    s.x = 1
except AttributeError as e:
    print(e)
class C(B):
    def f(self): return [super().f(), super(B, self).f(), super().__init__()]
print(C().f())
