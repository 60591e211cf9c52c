"""Special methods, properties, slots, inheritance."""


class Base:
    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return type(self)(self.value + other.value)

    def __lt__(self, other):
        return self.value < other.value

    @property
    def double(self):
        return self.value * 2


class Derived(Base):
    __slots__ = ()

    def __getitem__(self, i):
        return self.value + i

    def __len__(self):
        return 3


def main():
    total = Derived(0)
    for i in range(2000):
        other = Derived(i)
        total = total + other
        if total < other or isinstance(total, Base):
            total.double, total[1], len(total)
    return total.value


main()
