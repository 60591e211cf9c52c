# Shallow copies share what is inside, deep copies do not.
import copy

inner = [1, 2]
outer = [inner, {"k": inner}]
shallow = copy.copy(outer)
deep = copy.deepcopy(outer)
inner.append(3)
print(shallow, deep)
print(shallow[0] is inner, deep[0] is inner, deep[0] is deep[1]["k"])
loop = []
loop.append(loop)
clone = copy.deepcopy(loop)
print(clone[0] is clone, clone is not loop)
