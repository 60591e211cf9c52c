# __del__ runs at once, in the order names let go.
class T:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)


a, b, c = T("a"), T("b"), T("c")
del b
a = None
print("still c")
c = T("c2")
lst = [T(1), T(2), T(3)]
lst.pop(1)
print("popped")
lst[0] = None
print("replaced")
del lst
print("list gone")
d = {i: T(f"d{i}") for i in range(3)}
d.clear()
print("cleared")
d = {i: T(f"e{i}") for i in range(3)}
d = None
t = (T("t0"), T("t1"))
t = None
s = [T(f"s{i}") for i in range(4)]
s[1:3] = []
print("slice gone")
s = None
x = T("chain")
x.next = T("chained")
x = None
T("temporary")
print(T("argument").n)
T("method").__class__
print("end")
