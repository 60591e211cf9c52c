# try blocks with yields, breaks and loops around them.
def g():
    for i in range(4):
        try:
            yield i
            if i == 2:
                raise ValueError(i)
        except ValueError as e:
            yield f"caught {e}"
        else:
            yield f"else {i}"
        finally:
            yield f"finally {i}"


print(list(g()))


def h():
    while True:
        try:
            x = yield
            print("got", x)
        except KeyError as e:
            print("key error", e)
            yield "handled"
        except GeneratorExit:
            print("exit")
            return


it = h()
next(it)
it.send(1)
print(it.throw(KeyError("k")))
next(it)
it.close()


def nested():
    try:
        try:
            yield 1
        finally:
            print("inner finally")
            yield 2
    except ValueError as e:
        print("outer", e)
        yield 3
    finally:
        print("outer finally")


n = nested()
print(next(n), n.throw(ValueError("v")), next(n), next(n, "done"))


def active_exception():
    import sys
    try:
        raise KeyError("inside")
    except KeyError:
        yield repr(sys.exception())
        yield repr(sys.exception())


import sys
a = active_exception()
try:
    raise IndexError("outside")
except IndexError:
    print(next(a), repr(sys.exception()))
print(next(a), sys.exception())
