# The @ operator in its three forms.


class Matrix:
    def __init__(self, *rows):
        self.rows = rows

    def __matmul__(self, other):
        if not isinstance(other, Matrix):
            return NotImplemented
        cols = list(zip(*other.rows))
        return Matrix(*[tuple(sum(a * b for a, b in zip(r, c)) for c in cols) for r in self.rows])

    def __rmatmul__(self, other):
        return f"{other} @ matrix"

    def __imatmul__(self, other):
        print("in place")
        return self @ other

    def __repr__(self):
        return f"Matrix{self.rows}"


m = Matrix((1, 2), (3, 4))
i = Matrix((0, 1), (1, 0))
print(m @ i)
print("left" @ m)
m @= i
print(m)
try:
    m @ 3
except TypeError as e:
    print(e)
try:
    1 @ 2
except TypeError as e:
    print(e)
try:
    k = [1]
    k @= [2]
except TypeError as e:
    print(e)
