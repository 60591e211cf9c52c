# In-place string growth never changes what others see.
s = "a"
t = s
s += "b"
print(s, t)
parts = []
acc = ""
for i in range(5):
    acc += str(i)
    parts.append(acc)
print(parts)


def build(n):
    r = ""
    for i in range(n):
        r += "x"
    return r


print(len(build(10000)), build(3))
d = {}
key = "k"
for i in range(3):
    d[key] = i
    key += "k"
print(d)


class A:
    s = "x"


a = A()
b = a.s
a.s += "y"
print(a.s, b, A.s)
u = "é"
for c in "日😀":
    u += c
print(u, len(u))
x = y = "same"
x += ""
print(x is y)
