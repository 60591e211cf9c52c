//! Functions of real numbers.

use dashu_int::IBig;
use viv_heap::Object;

use super::gamma;
use super::{floats, one, pair, text_of};
use crate::native::{MethodDef, NativeCall};
use crate::object::{Float, Int, Type};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::vm::Vm;

/// Declares functions of one real number: what the number must be (else ValueError with that text), and the function.
macro_rules! unary {
    ($($name:ident, $doc:literal, $wrong:expr, $message:literal, $f:expr;)+) => {
        $(fn $name(vm: &Vm, _: &Object, x: &Object) -> PyResult {
            let x = protocol::to_f64(vm, x)?;
            let wrong: fn(f64) -> bool = $wrong;
            if wrong(x) {
                return Err(domain(vm, x, $message));
            }
            let f: fn(f64) -> f64 = $f;
            finish(vm, f(x), x.is_finite())
        })+
        const UNARY: &[MethodDef] = &[$(one(stringify!($name), "($module, x, /)", $name, $doc)),+];
    };
}

/// The result as a float; one that overflowed raises.
fn finish(vm: &Vm, result: f64, finite_input: bool) -> PyResult {
    if finite_input && result.is_infinite() {
        return Err(vm.overflow_error("math range error"));
    }
    if finite_input && result.is_nan() {
        return Err(vm.value_error("math domain error"));
    }
    vm.new_float(result)
}

#[cold]
fn domain(vm: &Vm, x: f64, message: &str) -> Raised {
    match text_of(vm, x) {
        Ok(text) => vm.value_error(format!("{message}, got {text}")),
        Err(raised) => raised,
    }
}

/// Whether the gamma function has a pole here.
fn is_pole(x: f64) -> bool {
    x <= 0.0 && x == x.floor() && x.is_finite()
}

unary! {
    acos, "Return the arc cosine (measured in radians) of x.\n\nThe result is between 0 and pi.", |x| x.abs() > 1.0, "expected a number in range from -1 up to 1", f64::acos;
    acosh, "Return the inverse hyperbolic cosine of x.", |x| x < 1.0, "expected argument value not less than 1", gamma::acosh;
    asin, "Return the arc sine (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2.", |x| x.abs() > 1.0, "expected a number in range from -1 up to 1", f64::asin;
    asinh, "Return the inverse hyperbolic sine of x.", |_| false, "", libm::asinh;
    atan, "Return the arc tangent (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2.", |_| false, "", f64::atan;
    atanh, "Return the inverse hyperbolic tangent of x.", |x| x.abs() >= 1.0, "expected a number between -1 and 1", gamma::atanh;
    cbrt, "Return the cube root of x.", |_| false, "", f64::cbrt;
    cos, "Return the cosine of x (measured in radians).", f64::is_infinite, "expected a finite input", f64::cos;
    cosh, "Return the hyperbolic cosine of x.", |_| false, "", f64::cosh;
    degrees, "Convert angle x from radians to degrees.", |_| false, "", |x| x * (180.0 / std::f64::consts::PI);
    erf, "Error function at x.", |_| false, "", libm::erf;
    erfc, "Complementary error function at x.", |_| false, "", libm::erfc;
    exp, "Return e raised to the power of x.", |_| false, "", f64::exp;
    exp2, "Return 2 raised to the power of x.", |_| false, "", f64::exp2;
    expm1, "Return exp(x)-1.\n\nThis function avoids the loss of precision involved in the direct evaluation of exp(x)-1 for small x.", |_| false, "", f64::exp_m1;
    fabs, "Return the absolute value of the float x.", |_| false, "", f64::abs;
    gamma, "Gamma function at x.", |x| is_pole(x) || x == f64::NEG_INFINITY, "expected a noninteger or positive integer", gamma::gamma;
    lgamma, "Natural logarithm of absolute value of Gamma function at x.", is_pole, "expected a noninteger or positive integer", gamma::log_gamma;
    log1p, "Return the natural logarithm of 1+x (base e).\n\nThe result is computed in a way which is accurate for x near zero.", |x| x <= -1.0, "expected argument value > -1", f64::ln_1p;
    radians, "Convert angle x from degrees to radians.", |_| false, "", |x| x * (std::f64::consts::PI / 180.0);
    sin, "Return the sine of x (measured in radians).", f64::is_infinite, "expected a finite input", f64::sin;
    sinh, "Return the hyperbolic sine of x.", |_| false, "", f64::sinh;
    sqrt, "Return the square root of x.", |x| x < 0.0, "expected a nonnegative input", f64::sqrt;
    tan, "Return the tangent of x (measured in radians).", f64::is_infinite, "expected a finite input", f64::tan;
    tanh, "Return the hyperbolic tangent of x.", |_| false, "", f64::tanh;
}

/// All functions of real numbers.
pub const FUNCTIONS: &[MethodDef] = &{
    const OTHERS: [MethodDef; 23] = [
        MethodDef::positional(
            "atan2",
            "($module, y, x, /)",
            2,
            2,
            atan2,
            "Return the arc tangent (measured in radians) of y/x.\n\nUnlike atan(y/x), the signs of both x and y are considered.",
        ),
        one(
            "ceil",
            "($module, x, /)",
            ceil,
            "Return the ceiling of x as an Integral.\n\nThis is the smallest integer >= x.",
        ),
        MethodDef::positional(
            "copysign",
            "($module, x, y, /)",
            2,
            2,
            copysign,
            "Return a float with the magnitude (absolute value) of x but the sign of y.\n\nOn platforms that support signed zeros, copysign(1.0, -0.0)\nreturns -1.0.\n",
        ),
        one(
            "floor",
            "($module, x, /)",
            floor,
            "Return the floor of x as an Integral.\n\nThis is the largest integer <= x.",
        ),
        MethodDef::positional(
            "fma",
            "($module, x, y, z, /)",
            3,
            3,
            fma,
            "Fused multiply-add operation.\n\nCompute (x * y) + z with a single round.",
        ),
        MethodDef::positional(
            "fmod",
            "($module, x, y, /)",
            2,
            2,
            fmod,
            "Return fmod(x, y), according to platform C.\n\nx % y may differ.",
        ),
        one(
            "frexp",
            "($module, x, /)",
            frexp,
            "Return the mantissa and exponent of x, as pair (m, e).\n\nIf x is a finite nonzero number, then m is a float with\n0.5 <= abs(m) < 1.0 and an integer e is such that\nx == m * 2**e exactly.  Else, return (x, 0).",
        ),
        MethodDef::new(
            "isclose",
            "($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)",
            NativeCall::Bound(isclose),
            "Determine whether two floating-point numbers are close in value.\n\n  rel_tol\n    maximum difference for being considered \"close\", relative to the\n    magnitude of the input values\n  abs_tol\n    maximum difference for being considered \"close\", regardless of the\n    magnitude of the input values\n\nReturn True if a is close in value to b, and False otherwise.\n\nFor the values to be considered close, the difference between them\nmust be smaller than at least one of the tolerances.\n\n-inf, inf and NaN behave similarly to the IEEE 754 Standard.  That\nis, NaN is not close to anything, even itself.  inf and -inf are\nonly close to themselves.",
        ),
        one(
            "isfinite",
            "($module, x, /)",
            |vm, _, x| Ok(vm.bool(protocol::to_f64(vm, x)?.is_finite())),
            "Return True if x is neither an infinity nor a NaN, and False otherwise.",
        ),
        one(
            "isinf",
            "($module, x, /)",
            |vm, _, x| Ok(vm.bool(protocol::to_f64(vm, x)?.is_infinite())),
            "Return True if x is a positive or negative infinity, and False otherwise.",
        ),
        one(
            "isnan",
            "($module, x, /)",
            |vm, _, x| Ok(vm.bool(protocol::to_f64(vm, x)?.is_nan())),
            "Return True if x is a NaN (not a number), and False otherwise.",
        ),
        MethodDef::positional(
            "ldexp",
            "($module, x, i, /)",
            2,
            2,
            ldexp,
            "Return x * (2**i).\n\nThis is essentially the inverse of frexp().",
        ),
        MethodDef::positional(
            "log",
            "",
            1,
            2,
            log,
            "log(x, [base=math.e])\nReturn the logarithm of x to the given base.\n\nIf the base is not specified, returns the natural logarithm (base e) of x.",
        ),
        one(
            "log10",
            "($module, x, /)",
            |vm, _, x| vm.new_float(logarithm(vm, x, f64::log10)?),
            "Return the base 10 logarithm of x.",
        ),
        one(
            "log2",
            "($module, x, /)",
            |vm, _, x| vm.new_float(logarithm(vm, x, f64::log2)?),
            "Return the base 2 logarithm of x.",
        ),
        one(
            "modf",
            "($module, x, /)",
            modf,
            "Return the fractional and integer parts of x.\n\nBoth results carry the sign of x and are floats.",
        ),
        MethodDef::new(
            "nextafter",
            "($module, x, y, /, *, steps=None)",
            NativeCall::Bound(nextafter),
            "Return the floating-point value the given number of steps after x towards y.\n\nIf steps is not specified or is None, it defaults to 1.\n\nRaises a TypeError, if x or y is not a double, or if steps is not\nan integer.  Raises ValueError if steps is negative.",
        ),
        MethodDef::positional(
            "pow",
            "($module, x, y, /)",
            2,
            2,
            pow,
            "Return x**y (x to the power of y).",
        ),
        MethodDef::positional(
            "remainder",
            "($module, x, y, /)",
            2,
            2,
            remainder,
            "Difference between x and the closest integer multiple of y.\n\nReturn x - n*y where n*y is the closest integer multiple of y.\nIn the case where x is exactly halfway between two multiples of\ny, the nearest even value of n is used. The result is always exact.",
        ),
        one(
            "trunc",
            "($module, x, /)",
            trunc,
            "Truncates the Real x to the nearest Integral toward 0.\n\nUses the __trunc__ magic method.",
        ),
        one(
            "ulp",
            "($module, x, /)",
            |vm, _, x| vm.new_float(ulp(protocol::to_f64(vm, x)?)),
            "Return the value of the least significant bit of the float x.",
        ),
        MethodDef::positional(
            "hypot",
            "($module, /, *coordinates)",
            0,
            usize::MAX,
            super::sums::hypot,
            "Multidimensional Euclidean distance from the origin to a point.\n\nRoughly equivalent to:\n    sqrt(sum(x**2 for x in coordinates))\n\nFor a two dimensional point (x, y), gives the hypotenuse\nusing the Pythagorean theorem:  sqrt(x*x + y*y).\n\nFor example, the hypotenuse of a 3/4/5 right triangle is:\n\n    >>> hypot(3.0, 4.0)\n    5.0",
        ),
        MethodDef::positional(
            "dist",
            "($module, p, q, /)",
            2,
            2,
            super::sums::dist,
            "Return the Euclidean distance between two points p and q.\n\nThe points should be specified as sequences (or iterables) of\ncoordinates.  Both inputs must have the same dimension.\n\nRoughly equivalent to:\n    sqrt(sum((px - qx) ** 2.0 for px, qx in zip(p, q)))",
        ),
    ];
    let mut all = [UNARY[0]; 48];
    let mut i = 0;
    while i < 48 {
        all[i] = if i < 25 { UNARY[i] } else { OTHERS[i - 25] };
        i += 1;
    }
    all
};

fn atan2(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [y, x] = floats::<2>(vm, args)?;
    vm.new_float(y.atan2(x))
}

fn copysign(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [x, y] = floats::<2>(vm, args)?;
    vm.new_float(x.copysign(y))
}

/// The int of a whole float.
fn whole(vm: &Vm, x: f64) -> PyResult {
    match IBig::try_from(x) {
        Ok(int) => vm.new_big_int(&int),
        Err(_) if x.is_nan() => Err(vm.value_error("cannot convert float NaN to integer")),
        Err(_) => Err(vm.overflow_error("cannot convert float infinity to integer")),
    }
}

/// `floor`, `ceil`: the object's own method, or the float's.
fn rounded(vm: &Vm, x: &Object, method: &crate::object::Str, f: fn(f64) -> f64) -> PyResult {
    if let Some(float) = x.downcast_exact::<Float>() {
        return whole(vm, f(float.value()));
    }
    if x.is_exact::<Int>() {
        return Ok(x.to_ref());
    }
    if let Some(result) = protocol::call_special(vm, x, method, &[])? {
        return Ok(result);
    }
    whole(vm, f(protocol::to_f64(vm, x)?))
}

fn floor(vm: &Vm, _: &Object, x: &Object) -> PyResult {
    rounded(vm, x, &vm.names.__floor__, f64::floor)
}

fn ceil(vm: &Vm, _: &Object, x: &Object) -> PyResult {
    rounded(vm, x, &vm.names.__ceil__, f64::ceil)
}

fn trunc(vm: &Vm, _: &Object, x: &Object) -> PyResult {
    if let Some(float) = x.downcast_exact::<Float>() {
        return whole(vm, float.value().trunc());
    }
    match protocol::call_special(vm, x, &vm.names.__trunc__, &[])? {
        Some(result) => Ok(result),
        None => Err(vm.type_error(format!(
            "type {} doesn't define __trunc__ method",
            Type::of(x).display_name()
        ))),
    }
}

fn fma(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [x, y, z] = floats::<3>(vm, args)?;
    let result = x.mul_add(y, z);
    if result.is_nan() && !x.is_nan() && !y.is_nan() && !z.is_nan() {
        return Err(vm.value_error("invalid operation in fma"));
    }
    if result.is_infinite() && x.is_finite() && y.is_finite() && z.is_finite() {
        return Err(vm.overflow_error("overflow in fma"));
    }
    vm.new_float(result)
}

fn fmod(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [x, y] = floats::<2>(vm, args)?;
    if y.is_infinite() && x.is_finite() {
        return vm.new_float(x);
    }
    let result = x % y;
    if result.is_nan() && !x.is_nan() && !y.is_nan() {
        return Err(vm.value_error("math domain error"));
    }
    vm.new_float(result)
}

fn remainder(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [x, y] = floats::<2>(vm, args)?;
    if y.is_infinite() && x.is_finite() {
        return vm.new_float(x);
    }
    let result = libm::remainder(x, y);
    if result.is_nan() && !x.is_nan() && !y.is_nan() {
        return Err(vm.value_error("math domain error"));
    }
    vm.new_float(result)
}

fn frexp(vm: &Vm, _: &Object, x: &Object) -> PyResult {
    let x = protocol::to_f64(vm, x)?;
    let (mantissa, exponent) = if x.is_finite() && x != 0.0 {
        libm::frexp(x)
    } else {
        (x, 0)
    };
    pair(
        vm,
        vm.new_float(mantissa)?,
        vm.new_int(i64::from(exponent))?,
    )
}

fn ldexp(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [x, exponent] = args else {
        return Ok(vm.none_ref());
    };
    let x = protocol::to_f64(vm, x)?;
    let Some(int) = exponent.downcast::<Int>() else {
        return Err(vm.type_error("Expected an int as second argument to ldexp."));
    };
    if x == 0.0 || !x.is_finite() {
        return vm.new_float(x);
    }
    let exponent = int
        .as_i64()
        .unwrap_or(if int.signum() < 0 { i64::MIN } else { i64::MAX });
    let result = libm::ldexp(x, exponent.clamp(-10000, 10000) as i32);
    if result.is_infinite() {
        Err(vm.overflow_error("math range error"))
    } else {
        vm.new_float(result)
    }
}

fn modf(vm: &Vm, _: &Object, x: &Object) -> PyResult {
    let x = protocol::to_f64(vm, x)?;
    let whole = x.trunc();
    let part = if x.is_infinite() {
        0.0f64.copysign(x)
    } else {
        (x - whole).copysign(x)
    };
    pair(vm, vm.new_float(part)?, vm.new_float(whole)?)
}

/// A logarithm of a float or of an int of any size.
fn logarithm(vm: &Vm, x: &Object, f: fn(f64) -> f64) -> PyResult<f64> {
    if let Some(int) = x.downcast::<Int>() {
        if int.signum() <= 0 {
            return Err(vm.value_error("expected a positive input"));
        }
        if let Some(small) = int.as_i64() {
            return Ok(f(small as f64));
        }
        let big = int.to_big();
        let value = big.to_f64().value();
        if value.is_finite() {
            return Ok(f(value));
        }
        // The number of limbs would do for the place of the point, were it not rounded into too few bits here and there.
        let shift = int.limbs().len().saturating_sub(2) * 64;
        // As CPython has it: a fraction in [0.5, 1) and a power of two.
        let (fraction, exponent) = libm::frexp((big >> shift).to_f64().value());
        let exponent = f64::from(exponent) + shift as f64;
        return Ok(f(2.0).mul_add(exponent, f(fraction)));
    }
    let value = protocol::to_f64(vm, x)?;
    if value <= 0.0 {
        return Err(domain(vm, value, "expected a positive input"));
    }
    Ok(f(value))
}

fn log(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [x, base @ ..] = args else {
        return Ok(vm.none_ref());
    };
    let x = logarithm(vm, x, f64::ln)?;
    let Some(base) = base.first() else {
        return vm.new_float(x);
    };
    let base = logarithm(vm, base, f64::ln)?;
    if base == 0.0 {
        return Err(vm.zero_division_error("division by zero"));
    }
    vm.new_float(x / base)
}

fn pow(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [x, y] = floats::<2>(vm, args)?;
    let result = x.powf(y);
    if x.is_finite() && y.is_finite() {
        if result.is_nan() || result.is_infinite() && x == 0.0 {
            return Err(vm.value_error("math domain error"));
        }
        if result.is_infinite() {
            return Err(vm.overflow_error("math range error"));
        }
    }
    vm.new_float(result)
}

fn isclose(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(a), Some(b), relative, absolute] = args else {
        return Ok(vm.none_ref());
    };
    let (a, b) = (protocol::to_f64(vm, a)?, protocol::to_f64(vm, b)?);
    let relative = relative.map_or(Ok(1e-9), |t| protocol::to_f64(vm, t))?;
    let absolute = absolute.map_or(Ok(0.0), |t| protocol::to_f64(vm, t))?;
    if relative < 0.0 || absolute < 0.0 {
        return Err(vm.value_error("tolerances must be non-negative"));
    }
    if a == b {
        return Ok(vm.bool(true));
    }
    if a.is_infinite() || b.is_infinite() {
        return Ok(vm.bool(false));
    }
    let difference = (b - a).abs();
    let close = difference <= (relative * b).abs()
        || difference <= (relative * a).abs()
        || difference <= absolute;
    Ok(vm.bool(close))
}

/// The place of a float on the line of all floats.
fn rank(x: f64) -> i64 {
    let bits = x.to_bits() as i64;
    if bits < 0 {
        i64::MIN.wrapping_sub(bits)
    } else {
        bits
    }
}

fn nextafter(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(x), Some(y), steps] = args else {
        return Ok(vm.none_ref());
    };
    let (x, y) = (protocol::to_f64(vm, x)?, protocol::to_f64(vm, y)?);
    let steps = match steps.filter(|s| !vm.is_none(s)) {
        None => 1,
        Some(steps) => {
            let int = protocol::index(vm, steps)?;
            let int = int.downcast::<Int>();
            if int.is_some_and(|i| i.signum() < 0) {
                return Err(vm.value_error("steps must be a non-negative integer"));
            }
            int.and_then(Int::as_i64).map_or(u64::MAX, |n| n as u64)
        }
    };
    if x.is_nan() || y.is_nan() {
        return vm.new_float(f64::NAN);
    }
    if steps == 0 || x == y {
        return vm.new_float(if steps == 0 { x } else { y });
    }
    let (from, to) = (i128::from(rank(x)), i128::from(rank(y)));
    let distance = (to - from).unsigned_abs();
    if distance <= u128::from(steps) {
        // One step to zero keeps the sign.
        let last = if steps == 1 && y == 0.0 {
            0f64.copysign(x)
        } else {
            y
        };
        return vm.new_float(last);
    }
    let reached = (if to > from {
        from + i128::from(steps)
    } else {
        from - i128::from(steps)
    }) as i64;
    let bits = if reached < 0 {
        i64::MIN.wrapping_sub(reached)
    } else {
        reached
    };
    let mut result = f64::from_bits(bits as u64);
    if result == 0.0 {
        result = 0.0f64.copysign(x);
    }
    vm.new_float(result)
}

fn ulp(x: f64) -> f64 {
    let x = x.abs();
    if !x.is_finite() {
        return x;
    }
    let next = f64::from_bits(x.to_bits() + 1);
    if next.is_infinite() {
        x - f64::from_bits(x.to_bits() - 1)
    } else {
        next - x
    }
}
