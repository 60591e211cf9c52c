# math: constants, rounding, powers, trigonometry.
import math

print(math.pi, math.e, math.tau, math.inf, math.nan)
print(math.floor(2.7), math.ceil(2.1), math.trunc(-2.7), math.floor(-2.5), math.fabs(-3), math.copysign(1, -0.0), math.fmod(7, 3), math.fmod(-7, 3), math.remainder(7, 4), math.modf(3.25), math.frexp(8.0), math.ldexp(0.5, 4))
print(math.sqrt(2), math.isqrt(17), math.cbrt(8), math.pow(2, 0.5), math.exp(1), math.expm1(1e-10), math.log(10), math.log(8, 2), math.log2(8), math.log10(1000), math.log1p(1e-10), math.exp2(3))
print(math.sin(1), math.cos(1), math.tan(1), math.asin(0.5), math.acos(0.5), math.atan(1), math.atan2(1, -1), math.sinh(1), math.cosh(1), math.tanh(1), math.asinh(1), math.acosh(3), math.atanh(0.5), math.degrees(math.pi), math.radians(180), math.hypot(3, 4), math.hypot(1, 2, 3), math.dist((0, 0), (3, 4)))
print(math.gcd(12, 18), math.gcd(), math.gcd(12, 18, 27), math.lcm(4, 6), math.lcm(), math.factorial(20), math.comb(10, 3), math.perm(10, 3), math.perm(4), math.prod([1, 2, 3]), math.prod([], start=5), math.fsum([0.1] * 10), math.sumprod([1, 2], [3, 4]))
print(math.isnan(math.nan), math.isinf(-math.inf), math.isfinite(1), math.isclose(0.1 + 0.2, 0.3), math.isclose(1, 2), math.nextafter(1, 2), math.ulp(1.0), math.gamma(5), math.lgamma(10), math.erf(0.5), math.erfc(0.5), math.fma(2, 3, 4))
print(math.log(10 ** 400), math.sqrt(10 ** 300), math.isqrt(10 ** 40), math.gcd(10 ** 30, 10 ** 20 * 3), math.factorial(30), math.floor(1e20), math.ceil(10 ** 30))
for f in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.log(-1), lambda: math.factorial(-1), lambda: math.factorial(1.5), lambda: math.exp(1000), lambda: math.pow(0, -1), lambda: math.acos(2), lambda: math.fmod(1, 0), lambda: math.floor("a"), lambda: math.gcd(1.5), lambda: math.isqrt(-1), lambda: math.comb(-1, 2), lambda: math.floor(math.inf), lambda: math.floor(math.nan), lambda: math.sin(math.inf), lambda: math.sqrt("a"), lambda: math.sqrt(), lambda: math.ldexp(1.0, 5000), lambda: math.log(10, 1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
