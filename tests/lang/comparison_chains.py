# Chained comparisons evaluate each operand once.
def v(x):
    print("v", x, end="; ")
    return x


print(v(1) < v(2) < v(3))
print(v(3) < v(2) < v(1))
print(v(1) == v(1) != v(2) is not None)
print(1 < 2 > 1, 1 < 3 == 3, 1 in [1] in [[1]])
print((1 < 2) < 2, not 1 < 2 < 3)
a = [1]
b = [1]
print(a == b is b, a is not b == a)
print("a" < "b" <= "b" >= "a" > "A")
print(1 not in [2] , 1 not in [2] in [[2]])


class Odd:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        print(f"{self.n}<{other.n}", end=" ")
        return "yes" if self.n < other.n else ""


print(repr(Odd(1) < Odd(2) < Odd(3)))
print(repr(Odd(2) < Odd(1) < Odd(3)))
if v(1) < v(2) < v(0):
    print("no")
else:
    print("else branch")
while 0 <= 1 < 1:
    pass
print(0 < 0.5 < True, None is None is not False)
x = 5
print([i for i in range(10) if 2 < i < x], [1 < i <= 3 for i in range(5)])
