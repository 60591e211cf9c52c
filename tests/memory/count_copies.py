# oracle: 3.13
# Shallow copies share, deep copies do not.
import copy
import sys


class T:
    def __init__(self, v):
        self.v = v


leaf = T(None)
base = sys.getrefcount(leaf)
tree = [leaf, {"k": leaf}, (leaf,), T(leaf)]
print(sys.getrefcount(leaf) - base)
shallow = copy.copy(tree)
print("shallow", sys.getrefcount(leaf) - base)
deep = copy.deepcopy(tree)
print("deep", sys.getrefcount(leaf) - base)
print(deep[0] is deep[1]["k"] is deep[2][0] is deep[3].v)
c = copy.copy(tree[3])
print("instance", sys.getrefcount(leaf) - base, c.v is leaf)
del shallow, deep, c
tree.clear()
print("end", sys.getrefcount(leaf) - base)
