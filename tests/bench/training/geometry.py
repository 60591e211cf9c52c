"""Trains geometry: a vector class with operators, rays against shapes, hulls."""

import math
import sys


class Vector:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    __rmul__ = __mul__

    def __neg__(self):
        return Vector(-self.x, -self.y, -self.z)

    def __matmul__(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def __abs__(self):
        return math.sqrt(self @ self)

    def __iter__(self):
        yield self.x
        yield self.y
        yield self.z

    def cross(self, other):
        return Vector(self.y * other.z - self.z * other.y,
                      self.z * other.x - self.x * other.z,
                      self.x * other.y - self.y * other.x)

    def unit(self):
        return self * (1.0 / abs(self))

    def mirrored(self, normal):
        return self - normal * (2.0 * (self @ normal))


class Shape:
    def __init__(self, colour, shine=0.0):
        self.colour = colour
        self.shine = shine

    def distance(self, origin, direction):
        raise NotImplementedError

    def normal(self, point):
        raise NotImplementedError


class Ball(Shape):
    def __init__(self, centre, radius, colour, shine=0.0):
        super().__init__(colour, shine)
        self.centre = centre
        self.radius = radius

    def distance(self, origin, direction):
        to = self.centre - origin
        along = to @ direction
        room = self.radius * self.radius - (to @ to - along * along)
        if room < 0.0:
            return None
        near = along - math.sqrt(room)
        return near if near > 1e-6 else None

    def normal(self, point):
        return (point - self.centre).unit()


class Floor(Shape):
    def __init__(self, height, colour):
        super().__init__(colour)
        self.height = height

    def distance(self, origin, direction):
        if abs(direction.y) < 1e-9:
            return None
        far = (self.height - origin.y) / direction.y
        return far if far > 1e-6 else None

    def normal(self, point):
        return Vector(0.0, 1.0, 0.0)


class Scene:
    def __init__(self, shapes, light):
        self.shapes = shapes
        self.light = light

    def nearest(self, origin, direction):
        found = None
        for shape in self.shapes:
            distance = shape.distance(origin, direction)
            if distance is not None and (found is None or distance < found[0]):
                found = distance, shape
        return found

    def trace(self, origin, direction, depth=2):
        hit = self.nearest(origin, direction)
        if hit is None:
            return 0.2 + 0.3 * max(direction.y, 0.0)
        distance, shape = hit
        point = origin + direction * distance
        normal = shape.normal(point)
        to_light = (self.light - point).unit()
        lit = max(normal @ to_light, 0.0)
        if lit and self.nearest(point + normal * 1e-4, to_light):
            lit *= 0.4
        value = shape.colour * (0.1 + lit)
        if shape.shine and depth:
            mirrored = direction.mirrored(normal)
            value += shape.shine * self.trace(point, mirrored, depth - 1)
        return value


def hull(points):
    def half(points):
        chain = []
        for x, y in points:
            while len(chain) > 1:
                (ax, ay), (bx, by) = chain[-2:]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                    break
                chain.pop()
            chain.append((x, y))
        return chain[:-1]

    points = sorted(set(points))
    return half(points) + half(points[::-1])


def area(corners):
    pairs = zip(corners, corners[1:] + corners[:1])
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs) / 2


def main(scale):
    total = 0.0
    corners = 0
    for step in range(24 * scale):
        turn = step * 0.1
        balls = [Ball(Vector(i - 1.5, 0.3 * i, 5.0 + i % 2), 0.8, 0.5 + 0.1 * i, 0.3 * (i % 2))
                 for i in range(4)]
        scene = Scene([*balls, Floor(-1.0, 0.7)], Vector(4.0 * math.cos(turn), 6.0, turn))
        eye = Vector(0.0, 0.5, -2.0)
        for row in range(15):
            for column in range(15):
                ray = Vector((column - 7) / 10, (7 - row) / 10, 1.0).unit()
                total += scene.trace(eye, ray)
        up = balls[0].centre.cross(balls[1].centre)
        total += sum(-up) * 0.01
        points = [((i * i * 7 + step) % 101, (i * 13 + step * i) % 97) for i in range(90)]
        edge = hull(points)
        corners += len(edge)
        total += area(edge) * 1e-4
    print("geometry", f"{total:.6f}", corners)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
