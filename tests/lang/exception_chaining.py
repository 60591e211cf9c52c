# __cause__, __context__, suppression, raise from.
def show(e, depth=0):
    print("  " * depth + repr(e), "suppress:", e.__suppress_context__)
    if e.__cause__ is not None:
        print("  " * depth + "cause:")
        show(e.__cause__, depth + 1)
    if e.__context__ is not None:
        print("  " * depth + "context:")
        show(e.__context__, depth + 1)


try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise KeyError("implicit")
except KeyError as e:
    show(e)
try:
    try:
        1 / 0
    except ZeroDivisionError as z:
        raise KeyError("explicit") from z
except KeyError as e:
    show(e)
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise KeyError("hidden") from None
except KeyError as e:
    show(e)
try:
    raise ValueError from TypeError
except ValueError as e:
    show(e)
try:
    raise ValueError from 5
except TypeError as e:
    show(e)

# Re-raising keeps the context; a cycle is cut.
a = ValueError("a")
b = ValueError("b")
try:
    try:
        raise a
    except ValueError:
        raise b
except ValueError:
    try:
        raise a
    except ValueError as e:
        show(e)
try:
    try:
        raise KeyError(1)
    except KeyError:
        try:
            raise ValueError(2)
        except ValueError:
            pass
        raise
except KeyError as e:
    show(e)
e = Exception()
e.__cause__ = ValueError()
print(e.__suppress_context__)
for bad in (lambda: setattr(e, "__cause__", 1), lambda: setattr(e, "__context__", 1), lambda: delattr(e, "__cause__")):
    try:
        bad()
    except TypeError as err:
        print(err)
