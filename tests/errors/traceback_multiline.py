def add(*args):
    return sum(args)


add(
    1,
    2,
    "three",
    4,
)
