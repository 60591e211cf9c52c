# Cells keep values alive as long as a function needs them.
class T:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)


def make():
    kept = T("kept")
    unused = T("unused")

    def inner():
        return kept.n
    return inner


f = make()
print("made", f())
f = None
print("dropped")


def loop():
    fs = []
    for i in range(3):
        t = T(i)
        fs.append(lambda t=t: t.n)
    return fs


fs = loop()
print([f() for f in fs])
fs.pop(0)
print("popped")
del fs
try:
    del f
except NameError:
    pass
print([g() for g in loop()])
print("end")
