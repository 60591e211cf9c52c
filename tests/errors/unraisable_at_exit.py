import atexit


@atexit.register
def last():
    raise RuntimeError("at exit")


@atexit.register
def first():
    print("first")
