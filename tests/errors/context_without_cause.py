def close():
    raise OSError(5, "no such device")


try:
    int("x")
finally:
    close()
