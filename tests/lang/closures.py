# Closures share cells with the scope that owns the variable.


def counter(start=0):
    count = start

    def step(by=1):
        nonlocal count
        count += by
        return count

    def peek():
        return count

    return step, peek


step, peek = counter(10)
print(step(), step(5), peek())
other_step, other_peek = counter()
other_step()
print(peek(), other_peek())
print(step.__code__.co_freevars, step.__closure__[0].cell_contents)

# Late binding: every lambda sees the last value of the loop variable.
late = [lambda: i for i in range(3)]
print([f() for f in late])
early = [lambda i=i: i for i in range(3)]
print([f() for f in early])


def outer():
    def use():
        return value

    try:
        use()
    except NameError as e:
        print(type(e).__name__, e)
    value = 1
    first = use()
    del value
    try:
        use()
    except NameError as e:
        print(e)
    return first


print(outer())
