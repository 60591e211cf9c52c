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
print(l is l[1], d["d"] is d, len(l), len(a))


class L(list):
    def __repr__(self):
        return "L" + super().__repr__()


x = L()
x.append(x)
print(x)
