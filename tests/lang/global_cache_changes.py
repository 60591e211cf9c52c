# Globals and builtins looked up many times while they change.
value = 1


def get():
    return value


def size(x):
    return len(x)


print([get() for _ in range(20)][-1], [size("ab") for _ in range(20)][-1])
value = 2
print(get())
globals()["value"] = 3
print(get())
len = lambda x: "shadowed"
print(size("ab"))
del len
print(size("ab"))
import builtins
real = builtins.len
builtins.len = lambda x: "replaced builtin"
print(size("ab"))
builtins.len = real
print(size("ab"))
del value
try:
    get()
except NameError as e:
    print(e)
exec("value = 'back'")
print(get())
for i in range(30):
    globals()[f"extra{i}"] = i
print(get(), extra29)


def calls(f):
    return f(2)


print([calls(f) for f in (abs, str, lambda x: x + 1, int, [1, 2, 3].count, type, float)] * 2)
