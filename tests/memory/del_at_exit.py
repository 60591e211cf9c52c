# What is still alive at the end is finalised then.
class T:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)


first = T("first")
second = T("second")
nested = [T("in list")]
_private = T("private")


def f(default=T("default")):
    pass


print("script ends")
