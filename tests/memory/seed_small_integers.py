# Integers from -5 to 256 exist once.
x = 10
y = 10
print(id(x) == id(y))
x += 1
print(id(x) == id(y), x, y)


def same(n):
    a = int(str(n))
    b = int(str(n))
    return a is b


print([same(n) for n in (-6, -5, -1, 0, 1, 255, 256, 257)])
