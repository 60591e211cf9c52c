"""Jumps on the truth of a local, and subscripts that go straight to a local."""


class Truth:
    def __init__(self, answers):
        self.answers = list(answers)

    def __bool__(self):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def __del__(self):
        print("gone")


class Sized:
    def __len__(self):
        return 0


def truths(x):
    if x:
        a = "true"
    else:
        a = "false"
    if not x:
        b = "false"
    else:
        b = "true"
    c = "none" if x is None else "some"
    d = "some" if x is not None else "none"
    n = 0
    while x:
        n += 1
        x = None
    return a, b, c, d, n, x and 1, x or 2


for value in (None, True, False, 0, 1, 10**30, 0.0, 2.5, "", "x", [], [0], (), (0,), {}, {1: 2}, set(), Sized(), object):
    print(repr(value) if not isinstance(value, Sized) else "Sized", *truths(value))


def answers(x):
    try:
        while x:
            print("again")
    except ValueError as error:
        print("raised", error)
    try:
        if not x:
            print("not")
    except TypeError as error:
        print(error)


answers(Truth([True, True, False, False]))
answers(Truth([True, ValueError("no"), 3]))


def replaced():
    class Replaces:
        def __bool__(self):
            nonlocal x
            x = "other"
            return True

    x = Replaces()
    if x:
        print(x)


replaced()


def unbound(flag):
    if flag:
        x = 1
    try:
        if x:
            print("bound")
    except UnboundLocalError as error:
        print(error)
    try:
        if x is None:
            print("none")
        else:
            print("bound")
    except UnboundLocalError as error:
        print(error)
    try:
        y = x[0]
    except (TypeError, UnboundLocalError) as error:
        print(error)


unbound(True)
unbound(False)


class Items:
    def __getitem__(self, key):
        if key == "raise":
            raise LookupError(key)
        return NotImplemented if key == 1 else key

    def __del__(self):
        print("items gone")


class Yields:
    def __getitem__(self, key):
        yield key


def subscripts(c, k):
    x = c[k]
    y = c[0]
    x, z = x, c[k]
    return x, y, z


print(subscripts([1, 2, 3], -1), subscripts((4, 5), 1), subscripts("ab", 1), subscripts({0: "zero", "k": 1}, "k"))
print(subscripts(Items(), 1), subscripts(Items(), "x"))
x, y, z = subscripts(Yields(), 5)
print(next(x), next(y), next(z))
for container, key in (([1], 5), ((), 0), ({}, "missing"), (5, 1), (Items(), "raise"), ([1], "s")):
    try:
        subscripts(container, key)
    except Exception as error:
        print(type(error).__name__, error)
del container


def own():
    x = [[1, 2], 3]
    x = x[0]
    x = x[1]
    return x


print(own())
