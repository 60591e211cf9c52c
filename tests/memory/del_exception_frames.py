# A caught exception keeps its frames, and they their locals.
class T:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)


def fail():
    local = T("local")
    raise ValueError("x")


try:
    fail()
except ValueError as e:
    print("caught")
    saved = e
print("handler left")
saved.__traceback__ = None
print("traceback dropped")
saved = None


def swallow():
    try:
        fail()
    except ValueError:
        print("in except")
    print("after except")


swallow()
try:
    try:
        fail()
    finally:
        print("finally")
except ValueError:
    pass
print("end")
