# raise with classes, instances, nothing.
def attempt(f):
    try:
        f()
    except BaseException as e:
        print(type(e).__name__, e.args)


def r(x):
    raise x


attempt(lambda: r(ValueError))
attempt(lambda: r(ValueError("a", 1)))
attempt(lambda: r(5))
attempt(lambda: r("text"))
attempt(lambda: r(int))
attempt(lambda: r(None))


def bare():
    raise


attempt(bare)


class NeedsArg(Exception):
    def __init__(self, a):
        super().__init__(a)


attempt(lambda: r(NeedsArg))
attempt(lambda: r(NeedsArg(3)))


class Strange(Exception):
    def __new__(cls):
        return 5


attempt(lambda: r(Strange))


def reraise():
    try:
        raise KeyError("k")
    except KeyError:
        raise


attempt(reraise)


def helper():
    raise


def reraise_in_call():
    try:
        raise IndexError("i")
    except IndexError:
        helper()


attempt(reraise_in_call)
try:
    raise ValueError("same")
except ValueError as e:
    saved = e
try:
    raise saved
except ValueError as again:
    print(again is saved)
try:
    saved
    e
except NameError as n:
    print(n)


class Sub(KeyError, ValueError):
    pass


for c in (KeyError, ValueError, LookupError):
    try:
        raise Sub("x")
    except c as e:
        print(c.__name__, "caught", repr(e))
attempt(lambda: r(SystemExit(3)))
attempt(lambda: r(KeyboardInterrupt))
attempt(lambda: r(GeneratorExit("g")))
