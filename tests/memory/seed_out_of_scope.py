# Locals are let go when a function ends, a name when it is bound anew.
class Thing:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone:", self.name)


def work():
    local = Thing("local")
    print("working")


work()
print("after work")
x = Thing("first")
x = Thing("second")
print("rebound")
x = None
print("end")
