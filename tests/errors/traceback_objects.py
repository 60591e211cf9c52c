# Walking a traceback by hand.
import sys


def a():
    b()


def b():
    x = "local of b"
    raise ValueError("here")


try:
    a()
except ValueError as e:
    tb = e.__traceback__
    while tb:
        print(tb.tb_frame.f_code.co_name, tb.tb_lineno, tb.tb_lasti >= 0, [n for n in tb.tb_frame.f_locals if n == "x"])
        last, tb = tb, tb.tb_next
    print(sys.exc_info()[0].__name__, sys.exc_info()[1] is e, sys.exception() is e)
print(sys.exc_info(), sys.exception())
f = last.tb_frame
print(f.f_back.f_code.co_name, f.f_lineno, f.f_globals is globals(), f.f_builtins["len"] is len, type(f).__name__, type(last).__name__, f.f_locals["x"])
T = type(last)
new = T(None, f, 0, 99)
print(new.tb_lineno, new.tb_next)
new.tb_next = last
try:
    last.tb_next = new
except ValueError as err:
    print(err)
try:
    raise KeyError("with tb").with_traceback(last)
except KeyError as k:
    names = []
    t = k.__traceback__
    while t:
        names.append(t.tb_frame.f_code.co_name)
        t = t.tb_next
    print(names)
f.clear()
print(f.f_locals)


def nested():
    try:
        1 / 0
    except ZeroDivisionError:
        try:
            raise KeyError
        except KeyError:
            print(sys.exc_info()[0].__name__)
        print(sys.exc_info()[0].__name__)
    print(sys.exc_info()[0])


nested()
