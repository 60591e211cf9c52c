# finally and return, break, continue, raise.
def override():
    try:
        return "try"
    finally:
        return "finally"


def swallow():
    try:
        raise ValueError
    finally:
        return "swallowed"


def brk():
    while True:
        try:
            raise ValueError
        finally:
            break
    return "broke"


def cont():
    out = []
    for i in range(3):
        try:
            out.append(i)
            continue
        finally:
            out.append("f")
    return out


def nested():
    out = []
    try:
        try:
            out.append(1)
            raise KeyError("a")
        finally:
            out.append(2)
            try:
                raise ValueError("b")
            except ValueError:
                out.append(3)
    except KeyError:
        out.append(4)
    finally:
        out.append(5)
    return out


def value():
    x = 1
    try:
        return x
    finally:
        x = 2


def mutable():
    x = [1]
    try:
        return x
    finally:
        x.append(2)


def deep():
    for i in range(2):
        try:
            try:
                return i
            finally:
                print("inner")
        finally:
            print("outer")


def raise_in_finally():
    try:
        raise ValueError("one")
    finally:
        raise KeyError("two")


print(override(), swallow(), brk(), cont(), nested(), value(), mutable(), deep())
try:
    raise_in_finally()
except KeyError as e:
    print(repr(e), repr(e.__context__))


def gen():
    try:
        yield 1
        yield 2
    finally:
        print("gen closed")


g = gen()
next(g)
g.close()
