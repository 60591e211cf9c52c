# id() of what changed and what did not.
a = [1]
i = id(a)
a += [2]
print(id(a) == i)
a = a + [3]
print(id(a) == i)
s = "ab"
i = id(s)
s += "c"
print(id(s) == i)
n = 1000
i = id(n)
n += 1
print(id(n) == i, n)
f = 1.5
i = id(f)
f += 1
print(id(f) == i, f)
t = (1,)
i = id(t)
t += (2,)
print(id(t) == i)
d = {1: 2}
i = id(d)
d |= {3: 4}
print(id(d) == i)
st = {1}
i = id(st)
st |= {2}
print(id(st) == i)


def loop():
    total = 1000
    seen = []
    for k in range(3):
        seen.append(total)
        total += k + 1
    return seen


print(loop())
x = y = 10 ** 10
x += 1
print(x, y)
values = []
v = 0.5
for _ in range(4):
    values.append(v)
    v = v * 2
print(values)
