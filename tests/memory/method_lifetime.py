# Bound methods hold their instance.
import sys


class A:
    def m(self):
        return "m"

    def __del__(self):
        print("del A")


a = A()
n = sys.getrefcount(a)
bound = a.m
print(sys.getrefcount(a) - n)
del a
print("instance lives in the method:", bound())
del bound
print("gone")
b = A()
for _ in range(3):
    b.m()
print(sys.getrefcount(b))
f = A().m
print(f())
f = None
x = A()
y = x.__class__.m
del x
print("plain function holds nothing")
sort = [3, 1].sort
sort()
print(sort.__self__)
