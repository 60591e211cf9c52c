"""Decimals of 64 bits, whose sums and products take a short way, under many contexts."""
import decimal
from decimal import Context, Decimal

VALUES = ["0", "-0", "1", "-1", "1.25", "-0.0894", "18446744073709551615", "-18446744073709551615", "18446744073709551616", "9.99", "1E+5", "1E-10", "1E+19", "3E-19", "1E+999999", "1E-999999", "1E-1000026", "Infinity", "-Infinity", "NaN", "sNaN", "12345678901234567890", "0.00", "5E+20"]
CONTEXTS = [Context(), Context(prec=3), Context(prec=1, rounding=decimal.ROUND_UP), Context(Emax=9, Emin=-9, prec=5), Context(Emax=9, Emin=-9, prec=5, clamp=1), Context(rounding=decimal.ROUND_FLOOR, prec=40)]
for context in CONTEXTS:
    context.clear_traps()
    decimal.setcontext(context)
    for a in map(Decimal, VALUES):
        row = []
        for b in map(Decimal, VALUES):
            for result in (a + b, a - b, a * b):
                context_flags = [f.__name__ for f, on in decimal.getcontext().flags.items() if on]
                row.append(f"{result}:{''.join(name[0] + name[-2] for name in context_flags)}")
                decimal.getcontext().clear_flags()
        print(a, *row)
        print(+a, -a, a.quantize(Decimal("0.01")), a.adjusted(), repr(a), decimal.getcontext().flags[decimal.Inexact])
        decimal.getcontext().clear_flags()
print(Decimal(5), Decimal(-5), Decimal(True), Decimal(10**30), Decimal(0), [Decimal(i) for i in range(3)])


class Below(Decimal):
    pass


print(repr(Below(5)), type(Below(7)).__name__, Below(7) + 1, type(Below(7) + 1).__name__)
