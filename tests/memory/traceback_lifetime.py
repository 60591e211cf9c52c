# Tracebacks keep frames, and frames keep locals.
import traceback


class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("-", self.n, sep="")


def f():
    d = D("f")
    raise ValueError


try:
    f()
except ValueError as e:
    print("in handler")
print("after handler")
try:
    f()
except ValueError as e:
    kept = e
print("kept")
traceback.clear_frames(kept.__traceback__)
print("frames cleared")
del kept
try:
    f()
except ValueError as e:
    kept = e.with_traceback(None)
print("traceback dropped")
