# complex numbers.
print(complex(), complex(1), complex(1, 2), complex("1+2j"), complex(" -1.5e3j "), complex("j"), complex("(3-4j)"), complex(real=1, imag=-1), complex("inf+nanj"))
a, b = 3 + 4j, 1 - 2j
print(a + b, a - b, a * b, a / b, -a, +a, abs(a), a.conjugate(), a.real, a.imag, a == 3 + 4j, a != b, a == 3, (3 + 0j) == 3)
print(a ** 2, a ** 0, a ** -1, a ** 0.5, 2 ** a, 1j ** 2, (1 + 1j) ** 10, 0j ** 0)
for z in (0j, -0j, 1 + 0j, -1 - 0.0j, 1.5j, complex(-0.0, 0.0), complex(0.0, -0.0), complex(float("inf"), float("nan")), 1e20 + 1e-10j, complex(1, float("-inf"))):
    print(repr(z), str(z))
print(a + 1, 1 + a, a - 0.5, 2 * a, a / 2, 1 / a, True + a, bool(0j), bool(1j), hash(a) == hash(3 + 4j), hash(2 + 0j) == hash(2))
for f in (lambda: a < b, lambda: a // b, lambda: a % b, lambda: divmod(a, b), lambda: int(a), lambda: float(a), lambda: a / 0, lambda: 0j ** -1, lambda: complex("1+"), lambda: complex(""), lambda: complex("1 + 2j"), lambda: complex("a"), lambda: complex("1", 2), lambda: complex(1, "2"), lambda: complex([]), lambda: pow(a, 2, 3), lambda: round(a), lambda: a.real.x, lambda: (1e200 + 1j) ** 5):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(f"{a}", f"{a:.2f}", f"{a:+.1e}", f"{a:>12}|", f"{a:g}", format(1.5 + 2.25j, "8.1f"), f"{1234.5+0j:,}")
for spec in ("=10", "010", "%", "d"):
    try:
        print(format(a, spec))
    except ValueError as e:
        print(spec, e)
print(complex.from_number(3), a.__complex__(), a.__add__("x"), "%s" % a, complex(a), complex(True, False), sum([1j, 2, 0.5]))
class C(complex):
    pass
print(C(1, 2), type(C(1) + 1).__name__, C(1) == 1)
