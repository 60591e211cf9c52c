def f():
    try:
        g()
    except ValueError:
        print("passing on")
        raise


def g():
    raise ValueError("deep")


f()
