# In which order containers let go.
class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print(self.n, end=" ")


a = [D(i) for i in range(5)]
del a
print("list")
a = tuple(D(i) for i in range(5))
del a
print("tuple")
a = {i: D(i) for i in range(5)}
del a
print("dict")
a = {i: D(i) for i in range(5)}
a.clear()
print("dict.clear")
a = [D(i) for i in range(5)]
a.clear()
print("list.clear")
a = [D(i) for i in range(5)]
a[1:4] = []
print("slice", end=" ")
del a
print()
a = [D(i) for i in range(3)]
a = [D(i) for i in range(3, 5)]
print("rebound", end=" ")
del a
print()
