"""sympy (with mpmath): algebra, calculus, equations, matrices and many digits."""

from sympy import (
    Eq, Integral, Matrix, Rational, Symbol, apart, diff, expand, factor, integrate, latex, limit, nsimplify, oo, pi,
    series, simplify, sin, cos, exp, solve, sqrt, summation, symbols, pretty,
)

x, y, n = symbols("x y n")
print(expand((x + y) ** 3), factor(x**3 - 1), simplify(sin(x) ** 2 + cos(x) ** 2))
print(diff(sin(x) * exp(x), x), integrate(x**2 * exp(x), x), integrate(exp(-(x**2)), (x, -oo, oo)))
print(solve(x**2 - 5 * x + 6, x), solve([Eq(x + y, 3), Eq(x - y, 1)], [x, y]), limit(sin(x) / x, x, 0))
print(series(cos(x), x, 0, 6), summation(n**2, (n, 1, 10)), apart(1 / (x * (x + 1))))
m = Matrix([[2, 1], [1, 3]])
print(m.det(), m.inv(), m.eigenvals(), m * m)
print(pi.evalf(50), sqrt(2).evalf(30), Rational(1, 3) + Rational(1, 6), nsimplify(0.333333333333333, tolerance=0.001))
print(latex(Integral(x**2 / (1 + x), x)), Symbol("alpha", positive=True).is_positive)
print(pretty(Integral(sqrt(x) / 2, x), use_unicode=False))
