# Long chains are released without deep recursion.
class Node:
    __slots__ = ("next",)

    def __init__(self, next):
        self.next = next


head = None
for _ in range(200_000):
    head = Node(head)
head = None
print("objects with slots released")
nested = []
for _ in range(200_000):
    nested = [nested]
nested = None
print("lists released")
t = ()
for _ in range(200_000):
    t = (t,)
t = None
print("tuples released")
d = {}
for _ in range(100_000):
    d = {"k": d}
d = None
print("dicts released")


class Plain:
    pass


p = None
for _ in range(100_000):
    q = Plain()
    q.prev = p
    p = q
p = q = None
print("instances released")


def gen(inner):
    yield inner


f = None
for _ in range(10_000):
    f = lambda f=f: f
f = None
print("functions released")
# sweep: not malloc (a page for each of a million blocks)
