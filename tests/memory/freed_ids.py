# An address may be used again only after the object is gone.
ids = set()
keep = [object() for _ in range(1000)]
for o in keep:
    assert id(o) not in ids
    ids.add(id(o))
print(len(ids))
print(id(keep[0]) == id(keep[0]), id(keep[0]) != id(keep[1]))
a = [1, 2]
b = [1, 2]
print(id(a) == id(b), id(a) == id(a), hash(id(a)) == hash(id(a)))
x = object()
y = x
print(id(x) == id(y), isinstance(id(x), int), id(x) > 0, id(x) % 8 == 0)
