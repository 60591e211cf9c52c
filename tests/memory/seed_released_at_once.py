# The moment the last reference goes, the object goes: before the next line runs.
class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("released", self.name)


x = Noisy("one")
y = x
del x
print("one name left")
del y
print("no name left")
x = Noisy("two")
x = Noisy("three")
print("bound anew")


def f():
    local = Noisy("local")
    print("in f")


f()
print("f is done")
box = [Noisy("a"), Noisy("b")]
box.pop()
print("popped")
box[0] = None
print("replaced")
table = {1: Noisy("value")}
table.clear()
print("cleared")
Noisy("nobody's")
print("never bound")
x = None
