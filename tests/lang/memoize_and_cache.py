# Decorators with state: memoise, count, retry, once.
def memoize(f):
    cache = {}

    def wrapper(*args):
        if args not in cache:
            cache[args] = f(*args)
        return cache[args]
    wrapper.cache = cache
    return wrapper


def retry(times, *exceptions):
    def deco(f):
        def wrapper(*args, **kw):
            for attempt in range(1, times + 1):
                try:
                    return f(*args, **kw)
                except exceptions as e:
                    print("attempt", attempt, repr(e))
                    last = e
            raise RuntimeError("gave up") from last
        return wrapper
    return deco


@memoize
def lev(a, b):
    if not a or not b:
        return len(a) + len(b)
    return min(lev(a[1:], b) + 1, lev(a, b[1:]) + 1, lev(a[1:], b[1:]) + (a[0] != b[0]))


print(lev("kitten", "sitting"), len(lev.cache))
state = {"n": 0}


@retry(3, ValueError)
def flaky(ok_at):
    state["n"] += 1
    if state["n"] < ok_at:
        raise ValueError(state["n"])
    return "ok"


print(flaky(2))
state["n"] = 0
try:
    flaky(10)
except RuntimeError as e:
    print(e, repr(e.__cause__))
