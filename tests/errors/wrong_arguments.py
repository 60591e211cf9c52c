class Point:
    def __init__(self, x, y, *, label=None):
        self.x, self.y = x, y


def make(*values):
    return [Point(*v) for v in values]


make((1, 2), (3,))
