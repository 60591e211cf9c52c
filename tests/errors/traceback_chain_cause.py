def parse(s):
    try:
        return int(s)
    except ValueError as e:
        raise TypeError("bad number") from e


parse("abc")
