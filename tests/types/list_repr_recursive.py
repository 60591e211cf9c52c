# Containers which contain themselves.
l = [1]
l.append(l)
t = (l,)
d = {"l": l}
d["d"] = d
s = [t, d]
l.append(t)
print(l, t, d, s, sep="\n")
a, b = [], []
a.append(b)
b.append(a)
print(a, b)
try:
    print(a == b)
except RecursionError as e:
    print(e)
print(l == l, d == d, l in l, a in a)


class L(list):
    def __repr__(self):
        return "L" + super().__repr__()


x = L()
x.append(x)
print(x)
