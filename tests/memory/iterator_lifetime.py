# Iterators hold what they walk until they are exhausted.
class T:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)


it = iter([T(1), T(2)])
print(next(it).n)
print("one taken")
print(next(it).n)
print("two taken")
print(next(it, "end"))
print("exhausted")
it = None
z = zip([T("a")], [T("b")])
x = next(z)
print("zipped")
del x
z = None
print("zip gone")
m = map(lambda t: t.n, [T("m1"), T("m2")])
print(list(m))
for t in (T(f"loop{i}") for i in range(2)):
    print("body", t.n)
print("loop done")
del t
e = enumerate([T("e")])
i, v = next(e)
del e
print("enumerate gone", v.n)
v = None
r = reversed([T("r1"), T("r2")])
next(r)
print("reversed one")
r = None
print("end")
