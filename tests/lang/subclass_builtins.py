# Subclasses of builtin types.
class L(list):
    def append(self, x):
        super().append(x * 2)


class D(dict):
    def __getitem__(self, k):
        return ("got", super().__getitem__(k))

    def __setitem__(self, k, v):
        super().__setitem__(k, v + 1)


class S(str):
    def __new__(cls, *parts):
        return super().__new__(cls, "-".join(parts))


class I(int):
    def __add__(self, o):
        return I(super().__add__(o))

    def __repr__(self):
        return f"I({super().__repr__()})"


class T(tuple):
    def __new__(cls, *a):
        return tuple.__new__(cls, a)


class F(float):
    pass


class E(Exception):
    pass


class Set(set):
    pass


l = L([1])
l.append(5)
l.extend([6])
print(l, len(l), l == [1, 10, 6], isinstance(l, list), l + [1], type(l + [1]).__name__)
d = D(a=1)
d["b"] = 5
print(d, d["a"], d["b"], d.get("b"), {**d}, list(d.items()), d.copy(), type(d.copy()).__name__)
s = S("a", "b")
print(s, s.upper(), type(s).__name__, type(s + "x").__name__, s == "a-b", f"{s}", s[0], {s: 1}["a-b"])
i = I(5)
print(i, i + 1, 1 + i, i * 2, type(i + 1).__name__, type(i * 2).__name__, -i, i == 5, f"{i}", f"{i!r}", [i], int(i), range(i))
t = T(1, 2)
print(t, type(t).__name__, t[0], type(t[:]).__name__, t == (1, 2))
print(F(1.5) + 1, type(F(1) + F(2)).__name__, repr(F(2.5)), type(Set([1]) | {2}).__name__, Set([1]))
x = L([1, 2])
x.attr = "has a dict"
print(x.attr, x.__dict__, E("m").args, str(E("m")))
class Big(int):
    __slots__ = ()
try:
    Big(1).x = 1
except AttributeError as e:
    print(e)
class B(bytes): pass
print(B(b"ab"), type(B(b"ab")[0:1]).__name__, B(b"x") + b"y", isinstance(B(), bytes))
