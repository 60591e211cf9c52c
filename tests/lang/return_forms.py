# return in all places.
def nothing():
    return


def implicit():
    pass


def several():
    return 1, 2


def star():
    return *"ab", 3


def early(x):
    if x:
        return "early"
    return "late"


def loop():
    for i in range(10):
        while True:
            if i == 3:
                return i
            break


def in_finally():
    try:
        return "try"
    finally:
        print("finally runs")


def in_with():
    class W:
        def __enter__(self):
            return self

        def __exit__(self, *a):
            print("exit", a)

    with W():
        return "from with"


def gen():
    yield 1
    return "value"


print(nothing(), implicit(), several(), star(), early(1), early(0), loop(), in_finally(), in_with())
g = gen()
next(g)
try:
    next(g)
except StopIteration as e:
    print(e.value, e.args)
def cond(a): return a if a else None
print(cond(3), cond(0))
