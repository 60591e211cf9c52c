"""Attributes of objects whose `__class__` is assigned: the new class may have more attributes than they have room for."""


class Few:
    pass


class Many:
    def __init__(self):
        self.a = 1
        self.b = 2
        self.c = 3
        self.d = 4
        self.e = 5

    def total(self):
        return self.a + self.b + self.c + self.d + self.e


class Other:
    def __init__(self, value):
        self.value = value
        self.more = -value


def read(o):
    try:
        return o.e
    except AttributeError as e:
        return str(e)


def write(o, value):
    o.e = value
    return o.e


def names(o):
    return sorted(o.__dict__.items())


def main():
    few = [Few() for _ in range(50)]
    many = [Many() for _ in range(50)]
    print([o.total() for o in many[:3]], [read(o) for o in many[:3]])
    for i, o in enumerate(few):
        if i % 2:
            o.a = i
        o.__class__ = Many
    print({read(o) for o in few}, {read(o) for o in many})
    for o in (*few[:3], *many[:3]):
        print(write(o, 7), names(o))
    try:
        few[0].total()
    except AttributeError as e:
        print(e)
    print(few[1].a, few[1].__class__.__name__)
    fresh = [Many() for _ in range(5)]
    for i, o in enumerate(fresh):
        o.f = i
    print([o.total() + o.f for o in fresh])

    # The other way, and there and back again.
    for o in many:
        o.__class__ = Few
    print(names(many[0]), hasattr(many[0], "total"))
    for o in many:
        o.__class__ = Many
    print({o.total() for o in many[3:]}, read(many[9]))

    # Two states of one object.
    state = Other(1)
    for i in range(20):
        state.__class__ = Few if i % 2 else Other
        state.value += i
        state.late = i
    print(names(state), type(state).__name__, Other(3).more)


main()
