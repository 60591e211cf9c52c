# oracle: 3.13
# Counts of the items of tuples.
import sys


class T:
    pass


def count(x):
    return sys.getrefcount(x) - 3


t = T()
one = (t,)
print("one", count(t))
two = (t, t)
print("two", count(t))
print("plus", count((one + two)[0]))
joined = one + two
print("joined", count(t))
tripled = one * 3
print("repeat", count(t))
part = tripled[1:]
print("slice", count(t))
whole = tripled[:]
print("whole slice is the tuple itself", whole is tripled, count(t))
first, *rest = tripled
print("unpacked", count(t), type(rest))
del first, rest
made = tuple([t, t])
print("from list", count(t))
same = tuple(made)
print("from tuple", same is made, count(t))
del one, two, joined, tripled, part, whole, made, same
print("end", count(t))
