# Texts of failed indexing.
class A: pass


for act in [lambda: [1][5], lambda: [1][-5], lambda: (1,)[5], lambda: "a"[5], lambda: b"a"[5], lambda: range(3)[5], lambda: bytearray(b"a")[5], lambda: {}["k"], lambda: {1: 2}[3], lambda: {}[()], lambda: [1]["a"], lambda: (1,)["a"], lambda: "a"["b"], lambda: [1][1.5], lambda: [1][None], lambda: A()[0], lambda: A[0], lambda: (5)[0], lambda: (1.5)[0], lambda: {1}[0], lambda: (lambda: 0)[0], lambda: (i for i in ())[0], lambda: int[0], lambda: len[0], lambda: [1][(1, 2)], lambda: "abc"[1:"x"], lambda: [1][::0], lambda: memoryview(b"a")[5]]:
    try:
        act()
    except (IndexError, KeyError, TypeError, ValueError) as e:
        print(type(e).__name__, e)


def setter(o, k, v=0):
    o[k] = v


def deleter(o, k):
    del o[k]


for o, k in [([1], 5), ((1,), 0), ("a", 0), (b"a", 0), (range(3), 0), (5, 0), (A(), 0), ([1], "a"), ({}, []), ({1}, 0), (None, 0), (int, 0)]:
    for act in (setter, deleter):
        try:
            act(o, k)
        except (IndexError, KeyError, TypeError) as e:
            print(type(e).__name__, str(e).split(" object at")[0])
