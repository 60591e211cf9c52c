# The same operation site sees ints, floats, strings, objects.
class V:
    def __add__(self, o):
        return "V+"

    def __radd__(self, o):
        return "+V"

    def __lt__(self, o):
        return "lt"

    def __getitem__(self, k):
        return k

    def __iter__(self):
        return iter("v")


def add(a, b):
    return a + b


def less(a, b):
    return a < b


def item(a, k):
    return a[k]


def each(x):
    return [i for i in x]


for _ in range(3):
    for a, b in [(1, 2), (1.5, 2), (2, 1.5), ("a", "b"), ([1], [2]), ((1,), (2,)), (V(), 1), (1, V()), (10 ** 20, 1), (True, True), (1j, 1), (b"a", b"b"), (2 ** 62, 2 ** 62), (-1, 1)]:
        r = add(a, b)
    print(r, end=" ")
print([add(a, b) for a, b in [(1, 2), (1.5, 2), ("a", "b"), ([1], [2]), (V(), 1), (1, V()), (2 ** 63 - 1, 1), (-2 ** 63, -1)]])
print([less(a, b) for a, b in [(1, 2), (1.5, 1), ("a", "b"), ([1], [0]), (V(), 1), (10 ** 30, 1), ({1}, {1, 2})]])
print([item(a, k) for a, k in [([1, 2], 0), ((3, 4), -1), ("ab", 1), ({"k": 5}, "k"), (V(), "vk"), (range(9), 5), (b"a", 0), ([1, 2, 3], slice(1))]])
print([each(x) for x in ([1], (2,), "ab", {3: 4}, {5}, range(2), V(), iter([6]), (i for i in [7]), {8: 9}.items(), b"c")])
for bad in [(1, "a"), ("a", 1), ([], 1), (None, None)]:
    for f in (add, less):
        try:
            f(*bad)
        except TypeError as e:
            print(e)
try:
    item([1], 5)
except IndexError as e:
    print(e)
n = 2 ** 62
for _ in range(3):
    n += n
print(n)
