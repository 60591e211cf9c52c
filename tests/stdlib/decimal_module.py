"""Decimal numbers: construction, arithmetic, rounding, comparison, formats, contexts and signals."""
import copy, decimal, fractions, math, numbers, pickle
from decimal import *

D = Decimal


def show(f):
    try:
        return repr(f())
    except Exception as e:
        return f"{type(e).__name__}: {e}"


texts = "1 -0 1.50 1e5 1E+400 .5 5. +3 nan -sNaN123 inf -Infinity 1_000 x 1e 0e-5 0.0000001 0E+3 nan0123 1.2.3 --1".split()
for s in texts + ["", " 1 ", "٣", "123456789012345678901234567890.123"]:
    print(ascii(s), show(lambda: D(s)), show(lambda: str(D(s))), show(lambda: D(s).to_eng_string()), show(lambda: D(s).as_tuple()))
for v in 5, -2**70, 1.1, True, None, b"1", (0, (1, 2, 3), -2), (1, (), "F"), (0, (1,), "n"), (2, (1,), 0), (0, (10,), 0), [1, [2], 3]:
    print(v, show(lambda: D(v)))
values = [D("1.5"), D("-2"), D("0"), D("-0"), D("inf"), D("nan"), D("snan"), 3, 2.5, "x", D("1e-30"), D("9.99e999999"), D(10)]
for a in values:
    for b in values:
        if not (isinstance(a, D) or isinstance(b, D)):
            continue
        for op in "+", "-", "*", "/", "//", "%", "<", "==":
            print(a, op, b, show(lambda: eval(f"a {op} b")))
getcontext().clear_flags()
for a in values:
    if not isinstance(a, D) or a.is_finite() and a.adjusted() > 1000:
        continue
    for f in int, float, round, abs, bool, math.floor, math.ceil, math.trunc, D.sqrt, D.normalize, D.exp, D.ln, D.as_integer_ratio, D.number_class, D.next_plus, D.logb:
        print(a, f.__name__, show(lambda: f(a)))
    print(a, show(lambda: -a), show(lambda: +a), show(lambda: round(a, 1)), show(lambda: divmod(a, D("0.7"))), show(lambda: a ** 2))
    for b in D("0.01"), D(3), 2:
        for name in "quantize", "compare", "compare_total", "max", "min", "remainder_near", "same_quantum", "scaleb", "copy_sign":
            print(a, name, b, show(lambda: getattr(a, name)(b)))
for rounding in ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP:
    print(rounding, [str(D(x).quantize(D(1), rounding)) for x in ("1.5", "2.5", "-1.5", "1.4", "-0.6", "5.1", "0")])
for spec in "", ".2f", "10.3f", "<10", "=+10", ",", ".1%", "e", ".3g", "x", ".0f":
    print(spec, [show(lambda: format(D(v), spec)) for v in ("3.14159", "-0.001", "1234567.891", "inf", "0")])
c = Context(prec=5)
print(c.divide(1, 3), c, c.flags[Inexact], c.create_decimal("1.23456789"), c.power(2, 10), c.Etiny(), c.Etop())
with localcontext(prec=7) as l:
    print(D(1) / 3, l)
print(D(1) / 3, show(lambda: D(1) / 0), show(lambda: D(0) / 0), getcontext().flags[DivisionByZero])
for f in lambda: setattr(c, "prec", 0), lambda: setattr(c, "foo", 0), lambda: Context(rounding="x"), lambda: setcontext(5), lambda: c.flags["x"]:
    print(show(f))
print(BasicContext, ExtendedContext, sep="\n")
print(pickle.loads(pickle.dumps(D("1.5"))), copy.copy(c), hash(D("0.5")) == hash(0.5), D("0.5") == fractions.Fraction(1, 2), {D(1): 2}[1])
print(isinstance(D(1), numbers.Number), D(1) == 1 + 0j, D.from_float(0.1), [e.__name__ for e in InvalidOperation.__mro__])
getcontext().traps[FloatOperation] = True
print(show(lambda: D(1.5)), show(lambda: D(1) < 1.5), show(lambda: D(1) == 1.5))
