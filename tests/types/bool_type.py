# bool is an int with two values.
print(bool(), bool(0), bool("0"), bool([0]), True + 1, True * 3, False - 1, -True, True / 2, True ** 2)
print(True & False, True | False, True ^ True, type(True & True).__name__, type(True & 1).__name__, True << 2)
print(isinstance(True, int), issubclass(bool, int), bool.__bases__, True == 1, hash(True), int(True))
print(str(True), repr(False), f"{True}", f"{True:d}", "%s %d" % (True, True), [10, 20][True], {1: "a"}[True], {True: "t", 1: "one", 1.0: "float"})
print(not True, not [], not "x", True > False, max(True, 2), sum([True, True, False]), [True, False].count(1), (True, 0).index(False))
for f in (lambda: bool(1, 2), lambda: bool(x=1), lambda: type("B", (bool,), {})):
    try:
        f()
    except TypeError as e:
        print(e)
print(bool(range(0)), bool(float("nan")), bool(0j), bool(b""), bool(NotImplemented) if False else "", bool(...), bool(type), bool(object()))
print(True.real, False.imag, True.bit_length(), True.conjugate(), type(True.real).__name__, bool.from_bytes(b"\x01"))
print(any([0, "", None]), any([]), all([]), all([1, "a"]), all([1, 0]))
try:
    bool(NotImplemented)
except TypeError as e:
    print(e)
