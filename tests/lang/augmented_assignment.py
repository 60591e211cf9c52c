# Every augmented operator on names, attributes and items.
x = 7
x += 3; print(x)
x -= 1; print(x)
x *= 2; print(x)
x //= 4; print(x)
x **= 3; print(x)
x %= 50; print(x)
x <<= 3; print(x)
x >>= 1; print(x)
x |= 1; print(x)
x &= 0xFF; print(x)
x ^= 0b101; print(x)
x /= 4; print(x)

s = "ab"
s += "c"
s *= 2
print(s)
lst = alias = [1]
lst += (2, 3)
lst *= 2
print(alias, alias is lst)
tup = (1,)
other = tup
tup += (2,)
print(tup, other)


class Noisy:
    def __init__(self):
        self.value = 1

    def __getitem__(self, key):
        print("get", key)
        return self.value

    def __setitem__(self, key, value):
        print("put", key, value)
        self.value = value


def key():
    print("key")
    return "k"


n = Noisy()
n[key()] += 4
n.value *= 10
print(n.value)

t = ([],)
try:
    t[0] += [1]
except TypeError as e:
    print(e)
print(t)
d = {"a": 1}
d["a"] += 1
try:
    d["b"] += 1
except KeyError as e:
    print("KeyError", e)
