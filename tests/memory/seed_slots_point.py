# Slots instead of a dict.
class Point:
    __slots__ = ["x", "y"]

    def __init__(self, x, y):
        self.x = x
        self.y = y


class DictPoint:
    def __init__(self, x, y):
        self.x = x
        self.y = y


p, q = Point(1, 2), DictPoint(1, 2)
print(hasattr(p, "__dict__"), hasattr(q, "__dict__"), q.__dict__)
try:
    p.z = 3
except AttributeError as e:
    print(e)
q.z = 3
print(p.x + p.y, q.z)
