# format(), __format__ and the formats of containers.
class F:
    def __format__(self, spec):
        return f"[{spec!r}]"


print(format(F()), format(F(), "abc"), f"{F()}", f"{F():x{1}y}", "{:{}}".format(F(), "nested"), "{0:>{1}}".format("a", 4))
for v in (1, 1.5, "s", True, None, [1], (1,), {}, object):
    print(format(v) == str(v), end=" ")
print()
for v in ([1], None, {}, (1,), object(), len):
    try:
        format(v, "5")
    except TypeError as e:
        print(str(e).split(" object at")[0])
class NoStr:
    def __format__(self, spec):
        return 5
try:
    format(NoStr())
except TypeError as e:
    print(e)
print(f"{'text':>10}|{'text':<10}|{'text':^10}|{'text':*^11}|{'text':.2}|{'text':5.2}|{'é':>3}|{'日':_<4}|")
