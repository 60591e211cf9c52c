# What arrives in __getitem__ for every form of subscript.
class Show:
    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        print("set", key, value)

    def __delitem__(self, key):
        print("del", key)


s = Show()
print(s[1], s[-1], s["a"], s[None], s[...], s[()])
print(s[:], s[1:], s[:2], s[1:2], s[::3], s[1:2:3], s[::], s[:, ])
print(s[1, 2], s[1:2, 3], s[..., 1], s[:, :], s[(1, 2)], s[1,])
print(s[*[1, 2]], s[0, *[1, 2], 3], s[*()])
print(s[1:2, *"ab"], s[(x := 5)], s[x:=6], x)
s[1:2] = "v"
s[1, ::2] = "w"
del s[3], s[4:5, 6]
print(s[lambda: 1]().__class__.__name__, s[1 if x else 2], s["a":"b"])
text = "hello world"
print(text[0], text[-1], text[2:5], text[::-1], text[-5:], text[100:], text[:-100], text[8:2:-2])
lst = list(range(10))
lst[2:4] = ["a", "b", "c"]
print(lst)
lst[::3] = [0] * len(lst[::3])
print(lst)
lst[5:2] = ["ins"]
print(lst)
try:
    lst[::2] = [1]
except ValueError as e:
    print(e)
for bad in ("x", 1.5, None):
    try:
        lst[bad]
    except TypeError as e:
        print(e)
try:
    lst[1:"a"]
except TypeError as e:
    print(e)


class Idx:
    def __index__(self):
        return 2


print(text[Idx()], lst[Idx()], text[Idx():], (1, 2, 3)[Idx()])
