# An enumeration built from a metaclass with __prepare__.
class Auto(dict):
    def __init__(self):
        self.n = 0

    def __getitem__(self, key):
        if key not in self and not key.startswith("__"):
            self.n += 1
            self[key] = self.n
        return super().__getitem__(key)


class EnumMeta(type):
    @classmethod
    def __prepare__(mcs, name, bases):
        return Auto()

    def __new__(mcs, name, bases, ns):
        cls = super().__new__(mcs, name, bases, dict(ns))
        cls.members = {k: v for k, v in ns.items() if not k.startswith("__")}
        return cls

    def __iter__(cls):
        return iter(cls.members.items())

    def __len__(cls):
        return len(cls.members)

    def __contains__(cls, v):
        return v in cls.members.values()

    def __call__(cls, v):
        return next(k for k, x in cls if x == v)


class Color(metaclass=EnumMeta):
    RED
    GREEN
    BLUE


print(Color.RED, Color.BLUE, list(Color), len(Color), 2 in Color, 9 in Color, Color(3))
