# A loop variable keeps its last value; the iterator goes with the loop.
class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("-", self.n, sep="", end=" ")


for d in map(D, range(3)):
    print("body", d.n, end=" ")
print("end")
d = None
print("rebound")
for d in [D(5), D(6)]:
    break
print("broken")
d = None
while (d := D(7)).n == 7:
    break
del d
print("while")
[x.n for x in map(D, range(2))]
print("comprehension")
