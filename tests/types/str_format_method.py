# str.format: fields, attributes, indices, nesting.
class P:
    x = 5
    d = {"k": [1, 2]}

    def __format__(self, spec):
        return f"P<{spec}>"

    def __repr__(self):
        return "P()"


p = P()
print("{} {}".format(1, "a"), "{0} {1} {0}".format("x", "y"), "{a} {b}".format(a=1, b=2), "{} {k}".format(0, k=1), "{{}}".format(), "{0.x} {0.d[k][1]}".format(p))
print("{:>5}|{:<5}|{:^5}|{:05d}|{:.2f}".format("a", "b", "c", 42, 3.14159), "{!r} {!s} {!a}".format("é", "é", "é"), "{0!r:>8}".format("x"), "{:{}}|{:{w}.{p}f}".format("a", 5, 1.2345, w=8, p=2))
print("{p} {p:spec} {p!r} {p!s:>5}".format(p=p), "{[0]} {[k]}".format([1], {"k": "v"}), "{0[a b]}".format({"a b": 1}), "{0[1]}".format({1: "int key"}), "{0[-1]}".format({"-1": "str key"}))
print("{:s} {:10s}|{:>10}|{:*^10}|{:.2}".format("a", "b", "c", "d", "efgh"), "{:,} {:_}".format(10**6, 10**6), "{:%}".format(0.5), "{:}".format(None), "{:>{}}".format(1, 4))
print("{x}".format_map({"x": 1}), "{a.real}".format(a=1))


class D(dict):
    def __missing__(self, k):
        return f"<{k}>"


print("{a} {b}".format_map(D(a=1)))
for f in (lambda: "{}".format(), lambda: "{0} {}".format(1, 2), lambda: "{} {0}".format(1), lambda: "{a}".format(), lambda: "{".format(), lambda: "}".format(), lambda: "{0".format(1), lambda: "{!x}".format(1), lambda: "{:d}".format("a"), lambda: "{0.nope}".format(1), lambda: "{0[k]}".format({}), lambda: "{0[0}".format([1]), lambda: "{!}".format(1), lambda: "{:5}".format([]), lambda: "{0[]}".format([1]), lambda: "{.}".format(1), lambda: "{1}".format(0), lambda: "{:.{}}".format(1.5), lambda: "{:=5}".format("a"), lambda: "{:,}".format("a"), lambda: "{:+}".format("a"), lambda: "{:05}".format("a"), lambda: format("a", 5)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
