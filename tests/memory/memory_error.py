# A MemoryError can be caught and survived.
for make in (lambda: "x" * 10**15, lambda: [0] * 10**15, lambda: b"x" * 10**15, lambda: bytearray(10**15), lambda: (1,) * 10**15):
    try:
        make()
    except MemoryError as e:
        print(type(e).__name__, e.args)
x = "x" * 1000
try:
    x *= 10**13
except MemoryError:
    print(len(x))
try:
    list(range(10**15))
except MemoryError:
    print("range")
items = [1, 2, 3]
try:
    items *= 10**15
except MemoryError:
    print(items)
print("alive")
