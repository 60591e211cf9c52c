# float methods: hex, fromhex, ratio, is_integer.
for x in (1.0, 0.1, -2.5, 1e-310, 3.0e10, float("inf"), float("nan"), 0.0, -0.0):
    print(x.hex(), float.fromhex(x.hex()))
print(float.fromhex("0x1.8p3"), float.fromhex("ff"), float.fromhex("-0x.8"), float.fromhex(" inf "), float.fromhex("0x1p-1074"))
print((0.75).as_integer_ratio(), (-2.5).as_integer_ratio(), (3.0).is_integer(), (3.5).is_integer(), float("inf").is_integer())
print((1.5).real, (1.5).imag, (1.5).conjugate(), (2.7).__trunc__(), (2.2).__ceil__(), (2.8).__floor__(), (2.5).__round__(), (2.567).__round__(2), (1.5).__int__())
print(float.from_number(3), (1.5).__add__(1), (1.5).__add__("x"), (1.5).__radd__(2), (1.5).__lt__(2), float.__getformat__("double"))
for f in (lambda: float("inf").as_integer_ratio(), lambda: float("nan").as_integer_ratio(), lambda: float.fromhex("xyz"), lambda: float.fromhex("0x1p5000"), lambda: int(float("nan")), lambda: float.from_number("1")):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)


class F(float):
    def __new__(cls, v, unit=""):
        self = super().__new__(cls, v)
        self.unit = unit
        return self

    def __str__(self):
        return f"{float(self)} {self.unit}"


f = F("2.5", "m")
print(f, repr(f), f * 2, type(f * 2).__name__, f == 2.5, f"{f:.1f}", hash(f) == hash(2.5))
