def ping(n):
    if not n:
        raise KeyError("end")
    pong(n - 1)


def pong(n):
    ping(n)


ping(3)
