# Chained, unpacking and starred assignment, and the order of evaluation.
a = b = c = [1]
b.append(2)
print(a, a is c)

x, y = 1, 2
x, y = y, x
print(x, y)

first, *rest = range(5)
print(first, rest)
*init, last = "hello"
print(init, last)
p, *q, r = (1, 2)
print(p, q, r)
[m, [n, o]] = (1, (2, 3))
print(m, n, o)
(z) = 5
(w,) = [6]
print(z, w)
() = []
[] = ()

for bad in [(1,), (1, 2, 3)]:
    try:
        u, v = bad
    except ValueError as e:
        print(e)
try:
    u, *v, w = [1]
except ValueError as e:
    print(e)
try:
    u, v = 5
except TypeError as e:
    print(e)


def log(name, value):
    print("eval", name)
    return value


class Target:
    def __setitem__(self, key, value):
        print("set", key, value)


t = Target()
log("t", t)[log("i", 0)] = log("value", 9)
log("t1", t)[log("k1", 1)], log("t2", t)[log("k2", 2)] = log("rhs", "ab")

i = 0
lst = [10, 20]
i, lst[i] = 1, 99
print(i, lst)
l1 = l2 = [0, 1, 2]
l1[0], l1[1] = l1[1], l1[0]
print(l2)
