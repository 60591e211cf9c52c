# Linked list, binary tree, graph search.
class Node:
    def __init__(self, value, next=None):
        self.value, self.next = value, next

    def __iter__(self):
        node = self
        while node:
            yield node.value
            node = node.next


def reverse(head):
    out = None
    while head:
        out, head.next, head = head, out, head.next
    return out


l = Node(1, Node(2, Node(3)))
print(list(l), list(reverse(l)))


class Tree:
    def __init__(self):
        self.root = None

    def add(self, key):
        if self.root is None:
            self.root = [key, None, None]
            return
        n = self.root
        while True:
            side = 1 if key < n[0] else 2
            if n[side] is None:
                n[side] = [key, None, None]
                return
            n = n[side]

    def walk(self, n=...):
        n = self.root if n is ... else n
        if n:
            yield from self.walk(n[1])
            yield n[0]
            yield from self.walk(n[2])


t = Tree()
for k in [5, 2, 8, 1, 9, 3]:
    t.add(k)
print(list(t.walk()))
graph = {"a": ["b", "c"], "b": ["d"], "c": ["d", "e"], "d": ["f"], "e": ["f"], "f": []}


def paths(a, b, seen=()):
    if a == b:
        yield (*seen, b)
    for n in graph[a]:
        if n not in seen:
            yield from paths(n, b, (*seen, a))


print(list(paths("a", "f")))
