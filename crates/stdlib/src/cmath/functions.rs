//! The functions of one complex number: finite arguments by Kahan's formulas ("Branch Cuts for Complex Elementary
//! Functions"), all others by the rules of C99's annex G.
//!
//! **Invariant.** Every function keeps the sign of zeros: it says on which side of a branch cut the argument lies.

use std::f64::consts::{E, FRAC_PI_2, FRAC_PI_4, LN_2, PI};

/// A complex number.
pub type Complex = (f64, f64);

/// What was wrong with an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The function has no value there.
    Domain,
    /// The value is too large.
    Range,
}

/// The value of a function, or what was wrong.
pub type Value = Result<Complex, Wrong>;

const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;
/// From here on squares and sums are scaled down first.
const LARGE: f64 = f64::MAX / 4.0;

fn log_large() -> f64 {
    LARGE.ln()
}

fn finite((x, y): Complex) -> bool {
    x.is_finite() && y.is_finite()
}

/// The logarithm of twice the hypotenuse, for large sides.
fn log_twice(x: f64, y: f64) -> f64 {
    (x / 2.0).hypot(y / 2.0).ln() + 2.0 * LN_2
}

/// Multiplies with `cos y + i sin y`, an infinite or zero modulus included.
fn times_cis(modulus: f64, y: f64) -> Complex {
    if modulus.is_infinite() || modulus == 0.0 {
        let sign = 1f64.copysign(modulus);
        let modulus = modulus.abs();
        (
            modulus.copysign(y.cos() * sign),
            modulus.copysign(y.sin() * sign),
        )
    } else {
        (modulus * y.cos(), modulus * y.sin())
    }
}

/// Raises where a finite argument gave an infinite result.
fn in_range(z: Complex) -> Value {
    if z.0.is_infinite() || z.1.is_infinite() {
        Err(Wrong::Range)
    } else {
        Ok(z)
    }
}

/// Square root.
pub fn sqrt((x, y): Complex) -> Value {
    if !finite((x, y)) {
        return Ok(if y.is_infinite() {
            (INF, y)
        } else if x == INF {
            (INF, if y.is_nan() { NAN } else { 0f64.copysign(y) })
        } else if x == -INF {
            (if y.is_nan() { NAN } else { 0.0 }, INF.copysign(y))
        } else {
            (NAN, NAN)
        });
    }
    if x == 0.0 && y == 0.0 {
        return Ok((0.0, y));
    }
    let (ax, ay) = (x.abs(), y.abs());
    let s = if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        // Both parts are subnormal: half the sum is scaled up by 2^54, the root down by 2^27.
        let ax = libm::ldexp(ax, 53);
        libm::ldexp((ax + ax.hypot(libm::ldexp(ay, 53))).sqrt(), -27)
    } else {
        let ax = ax / 8.0;
        2.0 * (ax + ax.hypot(ay / 8.0)).sqrt()
    };
    let d = ay / (2.0 * s);
    Ok(if x >= 0.0 {
        (s, d.copysign(y))
    } else {
        (d, s.copysign(y))
    })
}

/// The root of a number that the formulas below made: it never fails.
fn root(x: f64, y: f64) -> Complex {
    sqrt((x, y)).unwrap_or((NAN, NAN))
}

/// Natural logarithm.
pub fn log((x, y): Complex) -> Value {
    let (ax, ay) = (x.abs(), y.abs());
    if !finite((x, y)) {
        let real = if ax == INF || ay == INF { INF } else { NAN };
        let imag = if x.is_nan() || y.is_nan() {
            NAN
        } else {
            y.atan2(x)
        };
        return Ok((real, imag));
    }
    if ax == 0.0 && ay == 0.0 {
        return Err(Wrong::Domain);
    }
    let real = if ax > LARGE || ay > LARGE {
        (ax / 2.0).hypot(ay / 2.0).ln() + LN_2
    } else if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        libm::ldexp(ax, 53).hypot(libm::ldexp(ay, 53)).ln() - 53.0 * LN_2
    } else {
        let h = ax.hypot(ay);
        if (0.71..=1.73).contains(&h) {
            // Near the unit circle the logarithm loses digits.
            let (more, less) = if ax > ay { (ax, ay) } else { (ay, ax) };
            ((more - 1.0) * (more + 1.0) + less * less).ln_1p() / 2.0
        } else {
            h.ln()
        }
    };
    Ok((real, y.atan2(x)))
}

/// Decimal logarithm.
pub fn log10(z: Complex) -> Value {
    log(z).map(|(re, im)| (re / std::f64::consts::LN_10, im / std::f64::consts::LN_10))
}

/// The exponential function.
pub fn exp((x, y): Complex) -> Value {
    if !finite((x, y)) {
        if y.is_infinite() && (x.is_finite() || x == INF) {
            return Err(Wrong::Domain);
        }
        return Ok(if x.is_infinite() && y.is_finite() && y != 0.0 {
            times_cis(if x > 0.0 { INF } else { 0.0 }, y)
        } else if y == 0.0 {
            (x.exp(), y)
        } else if x == -INF {
            (0.0, 0.0)
        } else if x == INF {
            (INF, NAN)
        } else {
            (NAN, NAN)
        });
    }
    in_range(if x > log_large() {
        let scaled = (x - 1.0).exp();
        (scaled * y.cos() * E, scaled * y.sin() * E)
    } else {
        let scaled = x.exp();
        (scaled * y.cos(), scaled * y.sin())
    })
}

/// Hyperbolic cosine.
pub fn cosh((x, y): Complex) -> Value {
    if !finite((x, y)) {
        if y.is_infinite() && !x.is_nan() {
            return Err(Wrong::Domain);
        }
        return Ok(if x.is_infinite() && y.is_finite() && y != 0.0 {
            (INF.copysign(y.cos()), x.signum() * INF.copysign(y.sin()))
        } else if x.is_infinite() {
            (INF, if y.is_nan() { NAN } else { y * x.signum() })
        } else if x == 0.0 || y == 0.0 {
            (NAN, 0.0)
        } else {
            (NAN, NAN)
        });
    }
    in_range(if x.abs() > log_large() {
        let nearer = x - 1f64.copysign(x);
        (y.cos() * nearer.cosh() * E, y.sin() * nearer.sinh() * E)
    } else {
        (y.cos() * x.cosh(), y.sin() * x.sinh())
    })
}

/// Hyperbolic sine.
pub fn sinh((x, y): Complex) -> Value {
    if !finite((x, y)) {
        if y.is_infinite() && !x.is_nan() {
            return Err(Wrong::Domain);
        }
        return Ok(if x.is_infinite() && y.is_finite() && y != 0.0 {
            (x.signum() * INF.copysign(y.cos()), INF.copysign(y.sin()))
        } else if x == 0.0 {
            (0.0, y)
        } else if y.is_nan() && x.is_infinite() {
            (INF, NAN)
        } else if x.is_infinite() || y == 0.0 {
            (x, y)
        } else {
            (NAN, NAN)
        });
    }
    in_range(if x.abs() > log_large() {
        let nearer = x - 1f64.copysign(x);
        (y.cos() * nearer.sinh() * E, y.sin() * nearer.cosh() * E)
    } else {
        (y.cos() * x.sinh(), y.sin() * x.cosh())
    })
}

/// Hyperbolic tangent.
pub fn tanh((x, y): Complex) -> Value {
    if !finite((x, y)) {
        if y.is_infinite() && x.is_finite() {
            return Err(Wrong::Domain);
        }
        return Ok(if x.is_infinite() {
            let sign = if y.is_finite() { (2.0 * y).sin() } else { 1.0 };
            (1f64.copysign(x), 0f64.copysign(sign))
        } else if x == 0.0 || y == 0.0 {
            (x, y)
        } else {
            (NAN, NAN)
        });
    }
    if x.abs() > log_large() {
        let imag = 4.0 * y.sin() * y.cos() * (-2.0 * x.abs()).exp();
        return Ok((1f64.copysign(x), imag));
    }
    let (tx, ty, cx) = (x.tanh(), y.tan(), 1.0 / x.cosh());
    let product = tx * ty;
    let below = 1.0 + product * product;
    Ok((tx * (1.0 + ty * ty) / below, ((ty / below) * cx) * cx))
}

/// Inverse hyperbolic cosine.
pub fn acosh((x, y): Complex) -> Value {
    if !finite((x, y)) {
        let real = if x.is_infinite() || y.is_infinite() {
            INF
        } else {
            NAN
        };
        let imag = if x == 0.0 {
            // Also of a NaN: every value on this line has it.
            FRAC_PI_2.copysign(y)
        } else if x.is_nan() || y.is_nan() {
            NAN
        } else {
            y.atan2(x)
        };
        return Ok((real, imag));
    }
    if x.abs() > LARGE || y.abs() > LARGE {
        return Ok((log_twice(x, y), y.atan2(x)));
    }
    let (a, b) = (root(x - 1.0, y), root(x + 1.0, y));
    Ok((libm::asinh(a.0 * b.0 + a.1 * b.1), 2.0 * a.1.atan2(b.0)))
}

/// Arc cosine.
pub fn acos((x, y): Complex) -> Value {
    if !finite((x, y)) {
        let (re, im) = acosh((x, y))?;
        // The sign of a NaN says nothing.
        let sign = if y.is_nan() { -1.0 } else { y };
        return Ok((im.abs(), -re.copysign(sign)));
    }
    if x.abs() > LARGE || y.abs() > LARGE {
        return Ok((y.abs().atan2(x), -log_twice(x, y).copysign(y)));
    }
    let (a, b) = (root(1.0 - x, -y), root(1.0 + x, y));
    Ok((2.0 * a.0.atan2(b.0), libm::asinh(b.0 * a.1 - b.1 * a.0)))
}

/// Inverse hyperbolic sine.
pub fn asinh((x, y): Complex) -> Value {
    if !finite((x, y)) {
        return Ok(if x.is_nan() {
            if y.is_infinite() {
                (INF, NAN)
            } else {
                (NAN, if y == 0.0 { y } else { NAN })
            }
        } else if y.is_nan() {
            (if x.is_infinite() { x } else { NAN }, NAN)
        } else {
            (INF.copysign(x), y.atan2(x.abs()))
        });
    }
    if x.abs() > LARGE || y.abs() > LARGE {
        return Ok((log_twice(x, y).copysign(x), y.atan2(x.abs())));
    }
    let (a, b) = (root(1.0 + y, -x), root(1.0 - y, x));
    Ok((
        libm::asinh(a.0 * b.1 - b.0 * a.1),
        y.atan2(a.0 * b.0 - a.1 * b.1),
    ))
}

/// Arc sine.
pub fn asin((x, y): Complex) -> Value {
    asinh((-y, x)).map(|(re, im)| (im, -re))
}

/// Inverse hyperbolic tangent.
pub fn atanh((x, y): Complex) -> Value {
    if !finite((x, y)) {
        return Ok(if y.is_infinite() {
            // The sign of a NaN says nothing.
            let real = if x.is_nan() { 0.0 } else { 0f64.copysign(x) };
            (real, FRAC_PI_2.copysign(y))
        } else if x.is_infinite() {
            let imag = if y.is_nan() {
                NAN
            } else {
                FRAC_PI_2.copysign(y)
            };
            (0f64.copysign(x), imag)
        } else {
            (if x == 0.0 { x } else { NAN }, NAN)
        });
    }
    if x.is_sign_negative() {
        return atanh((-x, -y)).map(|(re, im)| (-re, -im));
    }
    let ay = y.abs();
    let root_large = LARGE.sqrt();
    if x > root_large || ay > root_large {
        let h = (x / 2.0).hypot(y / 2.0);
        return Ok((x / 4.0 / h / h, FRAC_PI_2.copysign(y)));
    }
    if x == 1.0 && ay < f64::MIN_POSITIVE.sqrt() {
        if ay == 0.0 {
            return Err(Wrong::Domain);
        }
        let real = -(ay.sqrt() / ay.hypot(2.0).sqrt()).ln();
        return Ok((real, (2f64.atan2(-ay) / 2.0).copysign(y)));
    }
    let real = (4.0 * x / ((1.0 - x) * (1.0 - x) + ay * ay)).ln_1p() / 4.0;
    let imag = -(-2.0 * y).atan2((1.0 - x) * (1.0 + x) - ay * ay) / 2.0;
    Ok((real, imag))
}

/// Arc tangent.
pub fn atan((x, y): Complex) -> Value {
    atanh((-y, x)).map(|(re, im)| (im, -re))
}

/// Cosine.
pub fn cos((x, y): Complex) -> Value {
    cosh((-y, x))
}

/// Sine.
pub fn sin((x, y): Complex) -> Value {
    sinh((-y, x)).map(|(re, im)| (im, -re))
}

/// Tangent.
pub fn tan((x, y): Complex) -> Value {
    tanh((-y, x)).map(|(re, im)| (im, -re))
}

/// The number of modulus `r` and argument `phi`.
pub fn rect(r: f64, phi: f64) -> Value {
    if r.is_finite() && phi.is_finite() {
        return Ok(if phi == 0.0 {
            // No product: it would lose the sign of a zero.
            (r, r * phi)
        } else {
            (r * phi.cos(), r * phi.sin())
        });
    }
    if phi.is_infinite() && r != 0.0 && !r.is_nan() {
        return Err(Wrong::Domain);
    }
    Ok(if r.is_infinite() && phi.is_finite() && phi != 0.0 {
        times_cis(r, phi)
    } else if r == 0.0 {
        (0.0, 0.0)
    } else if phi == 0.0 {
        (r, phi * 1f64.copysign(r))
    } else if r.is_infinite() {
        (INF, NAN)
    } else {
        (NAN, NAN)
    })
}

/// The argument, between -pi and pi.
pub fn phase((x, y): Complex) -> f64 {
    if x.is_infinite() && y.is_infinite() {
        return (if x > 0.0 { FRAC_PI_4 } else { 3.0 * FRAC_PI_4 }).copysign(y);
    }
    if x == -INF && y.is_finite() {
        return PI.copysign(y);
    }
    y.atan2(x)
}
