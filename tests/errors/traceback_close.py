def g():
    try:
        yield
    finally:
        raise RuntimeError("while closing")


it = g()
next(it)
it.close()
