# int methods and attributes.
n = 1000
print(n.bit_length(), (-n).bit_length(), (0).bit_length(), n.bit_count(), (-7).bit_count())
print(n.real, n.imag, n.numerator, n.denominator, n.conjugate(), n.is_integer(), n.as_integer_ratio(), True.as_integer_ratio())
print(n.to_bytes(2), n.to_bytes(4, "little"), (-1).to_bytes(2, signed=True), (255).to_bytes(), n.to_bytes(3, byteorder="big"))
print(int.from_bytes(b"\x03\xe8"), int.from_bytes(b"\xe8\x03", "little"), int.from_bytes(b"\xff", signed=True), int.from_bytes([1, 2]), int.from_bytes(b""))
print((5).__add__(3), (5).__radd__(3), (5).__add__("x"), (5).__lt__(6), (5).__bool__(), (7).__floordiv__(2), (5).__index__(), (5).__divmod__(3))
print((5).__neg__(), (5).__hash__(), (5).__repr__(), (5).__format__("04d"), (5).__pow__(2), (5).__pow__(2, 7), (5).__rsub__(10), (1).__float__())
for f in (lambda: (300).to_bytes(1), lambda: (-1).to_bytes(1), lambda: n.to_bytes(2, "middle"), lambda: n.to_bytes(-1), lambda: int.from_bytes("ab"), lambda: int.from_bytes([300])):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)


class MyInt(int):
    def __repr__(self):
        return f"MyInt({int(self)})"

    def __add__(self, o):
        return MyInt(int(self) + o)


m = MyInt(5)
print(m, m + 1, m * 2, type(m * 2).__name__, m == 5, hash(m) == hash(5), int(m), str(m), f"{m}", {5: "x"}[m], isinstance(m, int), MyInt("12", 3))
m.attr = 1
print(m.attr, MyInt.from_bytes(b"\x01"), type(MyInt.from_bytes(b"\x01")).__name__)
