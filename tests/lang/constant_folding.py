# Constant expressions keep their meaning.
print(1 + 2 * 3, "a" * 3 + "b", (1, 2) + (3,), 2 ** 100 % 97, -0.0, 1e308 * 10, "abc"[1], (1, 2, 3)[::-1], not 0, -(-5), ~0)


def div():
    return 1 / 0


def mod():
    return 5 % 0


def index():
    return "abc"[10]


def typed():
    return "a" + 1


def shift():
    return 1 << -1


for f in (div, mod, index, typed, shift):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
print(0.0 == -0.0, "x" in ("x", "y"), 3 in {1, 2, 3}, [1, 2][0], {1: 2}[1], "%d" % 5, f"{1}{'a'}")


def const_if():
    if 0:
        return "dead"
    while 1:
        return "alive"


print(const_if())
if not __debug__:
    print("optimised")
x = (1, 2, (3, 4))
y = (1, 2, (3, 4))
print(x == y, (0.0, -0.0), {0.0: "a", -0.0: "b"}, [1, 1.0, True], (1, 1.0) == (1.0, 1), 10 ** 20 // 3, 1_000 * 1_000)
print("" or "default", None and 1, 0 or None, 1 and 2, () or [], "a" and "")
