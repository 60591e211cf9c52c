# In-place operations keep the identity of what can change, and of nothing else.
def check(value, change):
    before = id(value)
    keep = value
    value = change(value)
    return value is keep


def iadd(x, y):
    x += y
    return x


print("list", check([1], lambda v: iadd(v, [2])))
print("tuple", check((1,), lambda v: iadd(v, (2,))))
print("str", check("a!", lambda v: iadd(v, "b")))
print("set", check({1}, lambda v: v.__ior__({2})))
print("dict", check({}, lambda v: v.__ior__({1: 2})))
print("bytearray", check(bytearray(b"x"), lambda v: iadd(v, b"y")))
print("int", check(1000, lambda v: iadd(v, 0)))
n = 1000
seen = id(n)
n += 1
print("looked at", id(n) == seen)
