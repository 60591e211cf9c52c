"""Reading methods and `__class__` as values, again and again at the same place."""


class Base:
    def method(self):
        return "base"


class Derived(Base):
    pass


class Slots:
    __slots__ = ("x",)

    def method(self):
        return "slots"


class Lies:
    @property
    def __class__(self):
        return int

    def method(self):
        return "lies"


def read(objects):
    for _ in range(3):
        for x in objects:
            m = x.method
            print(m(), m.__self__ is x, x.method is x.method, x.method == m, x.__class__.__name__)


one, two = Base(), Derived()
read([one, two, Slots(), Lies()])
one.method = lambda: "own"
one.method.__self__ = one
Derived.method = lambda self: "changed"
read([one, two])


def class_of(x):
    return x.__class__


print(class_of(one), class_of(1), class_of(Lies()))
two.__class__ = Base
print(class_of(two), two.method())
print(class_of(Base))


def builtin(x):
    f = x.append
    f(1)
    return f.__self__ is x, x, [x.append, x.append][0] == x.append


class L(list):
    def append(self, item):
        super().append(item * 2)


print(builtin([]), builtin([]), builtin(L()), builtin([]))


def with_dict(x):
    first = x.method
    x.__dict__["method"] = "in the dict"
    return first(), x.method


print(with_dict(Base()), with_dict(Derived()))
