# Assignment expressions.
if (n := len("hello")) > 3:
    print(n)
data = iter([1, 2, 3, 0, 9])
while (x := next(data)):
    print("x", x)
print([y := 1, y + 1])
print((a := 1, b := a + 1), a, b)
values = [z for w in range(5) if (z := w * w) > 3]
print(values, z)


def f(v):
    return v


print(f(q := 3), q)
print(f(v=(r := 4)), r)
print({(k := "key"): (val := 2)}, k, val)
print((s := "abc")[(i := 1)], i)
total = 0
print([total := total + v for v in range(5)], total)


def scope():
    any((hit := c) == "c" for c in "abcd")
    return hit


print(scope())


def use_global():
    global g
    if (g := 10):
        return g


print(use_global(), g)
print(not (t := False), t)
print((lambda: (loc := 5) + loc)())
match (subject := [1, 2]):
    case [h, *_]:
        print(h, subject)
print(f"{(fs := 3)!r} {fs}")
x = y = (c := 2)
print(x, y, c)
assert (m := 1)
print(m)
while (count := (globals().get("count", 0))) < 2:
    count += 1
    print(count)
