# The empty list with one name, with two, with one again.
import sys

x = []
y = x
print(sys.getrefcount(x))
del y
print(sys.getrefcount(x))
x = None
print(x)
