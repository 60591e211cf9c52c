# if / elif / else, truth of every kind of object, dangling blocks.


def describe(x):
    if x is None:
        return "none"
    elif x is True or x is False:
        return "bool"
    elif not x:
        return "empty"
    else:
        return "full"


for value in [None, True, False, 0, 1, 0.0, -0.0, 1e-300, "", "a", b"", b"\0", [], [0], (), ((),), {}, {0: 0}, set(), {0}, 0j, 1j, range(0), range(1)]:
    print(repr(value), describe(value))


class Truthy:
    def __init__(self, b):
        self.b = b

    def __bool__(self):
        print("asked", self.b)
        return self.b


class Sized:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        print("len", self.n)
        return self.n


if Truthy(False):
    print("no")
elif Sized(0):
    print("no")
elif Truthy(True) and Sized(3):
    print("yes")
else:
    print("no")

if Truthy(True) or Truthy(False): print("short")
if not Truthy(False): print("one line"); print("two statements")
