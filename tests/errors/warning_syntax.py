def f(x):
    assert (x, "always true")
    if x is 3:
        return "\d"
    return 1 if x == 3 else (1)(2)


try:
    f(1)
except TypeError as e:
    print(e)
