# a if c else b: order, nesting, precedence.
def t(name, v):
    print("eval", name)
    return v


print(t("a", 1) if t("cond", True) else t("b", 2))
print(t("a", 1) if t("cond", 0) else t("b", 2))
x = 5
print("neg" if x < 0 else "zero" if x == 0 else "pos")
print((1 if x else 2) + 3, 1 if x else 2 + 3)
print([1, 2] if x > 3 else [], (1, 2) if not x else ())
f = lambda v: "big" if v > 10 else "small"
print(f(11), f(1))
print(1 if x else 2, 3 if not x else 4)
y = None
print((y or "default"), y if y is not None else "fallback")
print([i if i % 2 else -i for i in range(4)])
print("a" if "" else "b" if [] else "c" if {} else "d")
z = 1 if (x > 1) else 0,
print(z)
print(*(1, 2) if x else (3,))
print(not x if x else x)
