# abs, divmod, pow, round, sum, min, max, hex, oct, bin.
print(abs(-3), abs(-2.5), abs(3 + 4j), abs(True), divmod(7, 2), divmod(-7.5, 2), pow(2, 3), pow(2, 3, 5), pow(2.0, 0.5), pow(base=2, exp=3, mod=3))
print(round(2.5), round(3.14159, 2), round(1234, -2), round(5), round(2.5, None), type(round(2.0)).__name__, type(round(2.0, 1)).__name__, round(number=1.5), round(-0.4))
print(sum([1, 2, 3]), sum([1.5, 2]), sum([], 5), sum([[1], [2]], []), sum(range(10), start=100), sum([0.1] * 10), sum([True, 2]), sum((1, 2j)), sum([10 ** 20, 1.0]), sum([1e308, 1e308, -1e308]), sum([1, 1e100, 1, -1e100]))
print(min(3, 1, 2), max([4, 9, 2]), min("b", "a"), max([], default="none"), min([3, -5], key=abs), max("aa", "b", key=len), max(1, 1.0), min(1.0, 1), max({1: "a", 5: "b"}), min((2, "a"), (1, "z")))
print(hex(255), oct(8), bin(5), hex(-1), bin(0), chr(97), ord("a"), hex(2 ** 64))
for f in (lambda: abs("a"), lambda: divmod(1), lambda: pow(2), lambda: pow("a", 2), lambda: pow(2.0, 3, 5), lambda: sum(["a"]), lambda: sum(["a"], ""), lambda: sum([b"a"], b""), lambda: sum(5), lambda: min(), lambda: min([]), lambda: max(5), lambda: min(1, "a"), lambda: max([1], key=5), lambda: min(1, 2, default=3), lambda: hex("a"), lambda: bin(1.5), lambda: chr("a"), lambda: chr(2 ** 40), lambda: round("a"), lambda: round(1.5, "a"), lambda: divmod("a", 1), lambda: abs(), lambda: sum()):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
