# print and its options; str() of what is printed.
import sys

print()
print(1, "a", None, [1], sep=", ", end="!\n")
print("a", "b", sep="")
print("x", end="")
print("y", sep="ignored", end="\n\n")
print("none", sep=None, end=None)
print(*range(3), sep="->")
print("to stdout", file=sys.stdout, flush=True)


class W:
    def __init__(self):
        self.parts = []

    def write(self, s):
        self.parts.append(s)

    def flush(self):
        self.parts.append("<flush>")


w = W()
print("a", 1, sep="-", file=w)
print("b", end="", file=w, flush=True)
print(w.parts)
for f in (lambda: print(1, sep=5), lambda: print(1, end=5), lambda: print(1, file=5), lambda: print(1, foo=1)):
    try:
        f()
    except (TypeError, AttributeError) as e:
        print(e)


class S:
    def __str__(self):
        return "str"

    def __repr__(self):
        return "repr"


print(S(), [S()], f"{S()}", f"{S()!r}", "%s %r" % (S(), S()))


class OnlyRepr:
    def __repr__(self):
        return "only repr"


print(OnlyRepr(), str(OnlyRepr()), (OnlyRepr(),))


class Bad:
    def __str__(self):
        raise ValueError("no str")


try:
    print("before", Bad())
except ValueError as e:
    print("|", e)
try:
    print(input("prompt> "))
except EOFError as e:
    print(repr(e))
print("é日😀", "\t|", "a\nb")
out = sys.stdout
sys.stdout = w
print("captured")
sys.stdout = out
print(w.parts[-2:])
sys.stdout = None
print("lost")
sys.stdout = out
print(sys.stdout.write("chars\n"))
