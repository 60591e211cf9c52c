"""cmath: signs of zeros, infinities, errors."""

import cmath
import itertools

values = [0.0, -0.0, 1.0, -2.0, float("inf"), float("-inf"), float("nan")]
functions = "acos asin atan acosh asinh atanh cos sin tan cosh sinh tanh exp log log10 sqrt".split()
for name in functions:
    for a, b in itertools.product(values, values):
        try:
            z = getattr(cmath, name)(complex(a, b))
            # Fewer digits than there are: the last may differ between mathematical libraries.
            print(name, a, b, f"{z.real:.12g} {z.imag:.12g}")
        except Exception as error:
            print(name, a, b, repr(error))
for text in ["cmath.sqrt('a')", "cmath.log(2, 0)", "cmath.log(0)", "cmath.isclose(1, 2, rel_tol=-1)", "cmath.polar(1j)", "cmath.rect(0, 1)"]:
    try:
        print(text, eval(text))
    except Exception as error:
        print(text, repr(error))
