"""Reading and writing attributes, calling methods."""


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def moved(self, dx):
        return Point(self.x + dx, self.y)


def main():
    point = Point(0, 1)
    for _ in range(5000):
        point = point.moved(1)
        point.y += point.x


main()
