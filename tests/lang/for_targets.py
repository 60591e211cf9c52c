# for loops assign to any target.
for x in "ab":
    print(x)
print("after:", x)

for a, (b, *c) in [(1, "xyz"), (2, [3])]:
    print(a, b, c)

d = {}
for d["key"] in range(3):
    pass
print(d)


class Box:
    pass


box = Box()
for box.attr in (10, 20):
    pass
print(box.attr)

items = [0, 0, 0]
for items[1] in "pq":
    print(items)

for i, in [(1,), (2,)]:
    print(i)
for [i, j] in zip("ab", "cd"):
    print(i + j)

for i in range(3):
    i *= 10
    print(i, end=" ")
else:
    print("| else", i)

for _ in []:
    pass
else:
    print("empty else")
try:
    print(undefined_loop_name)
except NameError as e:
    print(e)
for undefined_loop_name in []:
    pass

# The list grows while it is walked.
grow = [1]
for g in grow:
    if g < 5:
        grow.append(g + 1)
print(grow)
for x in 1, 2, *[3, 4]:
    print(x, end=" ")
print()
