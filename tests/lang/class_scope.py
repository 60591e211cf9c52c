# A class body is a scope which functions inside do not see.
x = "global"


class A:
    x = "class"
    y = x
    f = lambda self: x
    items = [x for _ in range(1)]
    first = [z for z in x]

    def method(self):
        return x

    class B:
        y = x


print(A.y, A().f(), A.items, A.first, A().method(), A.B.y)


def func():
    x = "local"

    class C:
        y = x

        def get(self):
            return x
    return C.y, C().get()


print(func())


def func2():
    x = "local"

    class C:
        print("before", x)
        x = "class"
        print("after", x)
        del x
        try:
            print("deleted", x)
        except NameError as e:
            print(e)

    return C


func2()


def func3():
    n = 1

    class C:
        nonlocal n
        n = 2
    return n, "n" in C.__dict__


print(func3())


class Loop:
    for i in range(3):
        exec(f"m{i} = {i}")
    while i:
        i -= 1
    if True:
        chosen = "yes"


print(Loop.m0, Loop.m2, Loop.i, Loop.chosen)
print([k for k in Loop.__dict__ if not k.startswith("__")])
