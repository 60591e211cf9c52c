# global and nonlocal declarations.
x = "module"


def set_global():
    global x, created
    x = "changed"
    created = "made here"


set_global()
print(x, created)


def outer():
    x = "outer"

    def middle():
        def inner():
            nonlocal x
            x = "inner"
        inner()
        return x

    def skip():
        global x
        return x

    return middle(), x, skip()


print(outer())


def deep():
    n = 0
    def a():
        def b():
            def c():
                nonlocal n
                n += 1
                return n
            return c
        return b
    c = a()()
    c(); c()
    return n


print(deep())


class C:
    global from_class
    from_class = 42
    x = "class"

    def show(self):
        return x


print(from_class, C.x, C().show(), "from_class" in C.__dict__)


def shadow():
    def f():
        return y
    y = "late"
    return f()


print(shadow())


def del_global():
    global created
    del created


del_global()
print("created" in globals())
def func_global():
    global made_function
    def made_function():
        return "made"
func_global()
print(made_function(), made_function.__qualname__)
