# Temporaries go as soon as they are used.
class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("-", self.n, sep="", end=" ")

    def me(self):
        return self

    def __add__(self, other):
        return D(self.n + other.n)


print(D(1).n)
print(D(2).me().n)
print((D(3) + D(4)).n)
print((D(5) + D(6) + D(7)).n)
print([D(8), D(9)][0].n)
print(D(10).n if D(11) else None)
D(12)
print("statement")
_ = D(13) and D(14)
print("and")
_ = None
print(len([D(15)]))
