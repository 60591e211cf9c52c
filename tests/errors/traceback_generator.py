def gen():
    yield 1
    raise ValueError("in generator")


def use():
    for v in gen():
        print(v)


use()
