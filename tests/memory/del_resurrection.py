# __del__ may bring an object back; it runs once.
saved = []


class Phoenix:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)
        saved.append(self)


p = Phoenix(1)
del p
print(len(saved), saved[0].n)
saved.clear()
print("second death is silent", len(saved))


class Swap:
    def __del__(self):
        print("as Swap")
        self.__class__ = Other
        saved.append(self)


class Other:
    def __del__(self):
        print("as Other")


s = Swap()
s = None
print(type(saved[0]).__name__)
saved.clear()
print("end")
