# except* splits exception groups.
def run(exc):
    try:
        try:
            raise exc
        except* ValueError as g:
            print("values", [repr(e) for e in g.exceptions])
        except* (KeyError, TypeError) as g:
            print("others", type(g).__name__, [repr(e) for e in g.exceptions])
        else:
            print("else")
        finally:
            print("finally")
    except BaseException as rest:
        print("left:", repr(rest))


run(ExceptionGroup("g", [ValueError(1), KeyError(2), ValueError(3)]))
run(ExceptionGroup("g", [ValueError(1), OSError(2)]))
run(ValueError("naked"))
run(OSError("naked"))
run(ExceptionGroup("g", [ExceptionGroup("in", [ValueError(1), TypeError(2)]), OSError(3)]))

try:
    try:
        raise ExceptionGroup("a", [ValueError(1), TypeError(2)])
    except* ValueError:
        raise KeyError("new")
except ExceptionGroup as e:
    print(repr(e))
    print([repr(x.__context__) for x in e.exceptions])

try:
    try:
        raise ExceptionGroup("a", [ValueError(1), TypeError(2)])
    except* ValueError:
        raise
except ExceptionGroup as e:
    print(repr(e))

try:
    pass
except* ValueError:
    print("never")
else:
    print("else without exception")
try:
    try:
        raise ValueError
    except* ExceptionGroup:
        pass
except TypeError as e:
    print(e)
for i in range(2):
    try:
        raise ExceptionGroup("loop", [ValueError(i)])
    except* ValueError as g:
        print(g.exceptions)
print("g" in globals())
try:
    raise ExceptionGroup("x", [IndexError(1)])
except* ValueError, IndexError:
    print("no brackets")
