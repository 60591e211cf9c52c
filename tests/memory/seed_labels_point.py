# Names are labels: two names, one list.
x = [1, 2, 3]
y = x
print(x is y, id(x) == id(y))
y.append(4)
print(x)
y = [9]
print(x, y, x is y)
z = x[:]
print(z == x, z is x)


def extend(items):
    items.append("from the function")
    items = ["rebound"]
    return items


print(extend(x), x)
