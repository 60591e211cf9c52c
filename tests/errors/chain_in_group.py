def f(x):
    return x + (1 / 0)


try:
    f(1)
except Exception as e:
    try:
        raise ValueError("a\nb") from e
    except ValueError as e2:
        e2.add_note("note")
        raise ExceptionGroup("g", [e2, TypeError()])
