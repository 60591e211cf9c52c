def f(x, y):
    return x.upper() + y.lower()


print(f("a", "B"))
f("left", 5)
