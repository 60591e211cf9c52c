"""heap.path_to_root() gives the shortest chain of owners."""

import gc
import heap


class Node:
    pass


a, b, c = Node(), Node(), Node()
a.next, b.next = b, c
del b
path = heap.path_to_root(c)
kinds = [(p.kind, p.name) for p in path]
assert path[0].owner is None or path[0].kind in ("frame", "local"), path
assert ("value", "c") == kinds[-1], kinds
target = c
del c
path = heap.path_to_root(target)
assert path[-1].owner is globals() and path[-1].name == "target"

inner = a.next.next
del target, inner
path = heap.path_to_root(a.next.next)
assert [p.name for p in path[-2:]] == ["next", "next"], path
assert path[-2].owner is a
assert path[-1].owner is a.next


def local():
    held = Node()
    return heap.path_to_root(held)


[only] = local()
assert (only.kind, only.name, only.owner) == ("local", "held", local)

# Nothing but a cycle: no root.
gc.disable()
ids = []
x = Node()
x.me = x
found = heap.path_to_root(x)
assert found[-1].name == "x"


class Held:
    def __init__(self):
        self.me = self


assert heap.path_to_root(Held()) == []
gc.collect()

# A long way.
chain = start = Node()
for _ in range(10_000):
    chain.next = Node()
    chain = chain.next
last = chain
del chain
assert heap.path_to_root(last)[-1].name == "last"
last.payload = []
del last
deep = start
while hasattr(deep, "next"):
    deep = deep.next
payload = deep.payload
del deep
found = heap.path_to_root(payload)
assert found[-1].owner is globals()
