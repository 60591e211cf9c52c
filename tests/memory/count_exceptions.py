# oracle: 3.13
# An exception owns its arguments, and through its traceback the frames and their locals.
import sys


class T:
    pass


def fail(x):
    local = x
    raise ValueError(local)


t = T()
base = sys.getrefcount(t)
try:
    fail(t)
except ValueError as e:
    print("in the handler", sys.getrefcount(t) - base)
    saved = e
print("saved", sys.getrefcount(t) - base)
saved.__traceback__ = None
print("traceback gone", sys.getrefcount(t) - base)
saved.args = ()
print("arguments gone", sys.getrefcount(t) - base)
try:
    try:
        fail(t)
    except ValueError as first:
        raise KeyError(t) from first
except KeyError as second:
    chain = second
print("chained", sys.getrefcount(t) - base)
del chain
print("end", sys.getrefcount(t) - base)
