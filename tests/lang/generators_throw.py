# throw, close, and generators that resist.
def g():
    while True:
        try:
            yield "ready"
        except ValueError as e:
            yield f"handled {e}"
        finally:
            print("finally")


x = g()
print(next(x))
print(x.throw(ValueError("v")))
print(next(x))
try:
    x.throw(KeyError("k"))
except KeyError as e:
    print("out", repr(e))
print(list(x))

y = g()
next(y)
print(y.close())
print(y.close())


def returns():
    try:
        yield 1
    except GeneratorExit:
        return "closed value"


r = returns()
next(r)
print(r.close())


def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2


s = stubborn()
next(s)
try:
    s.close()
except RuntimeError as e:
    print(e)

fresh = g()
try:
    fresh.throw(ValueError("not started"))
except ValueError as e:
    print(e)
print(list(fresh))


def stop():
    yield 1
    raise StopIteration("inside")


try:
    list(stop())
except RuntimeError as e:
    print(e, repr(e.__cause__), e.__cause__ is e.__context__)


def error():
    yield 1
    raise KeyError("x")


e1 = error()
next(e1)
try:
    next(e1)
except KeyError:
    print("KeyError")
print(list(e1))
z = g()
next(z)
for bad in (5, int, "s"):
    try:
        z.throw(bad)
    except TypeError as e:
        print(e)
print(z.throw(ValueError))


def ctx():
    try:
        raise KeyError("own")
    except KeyError:
        yield 1


c = ctx()
next(c)
try:
    c.throw(ValueError("thrown"))
except ValueError as e:
    print(repr(e.__context__))
