//! The gamma function by Lanczos' approximation, and the inverse hyperbolic functions, rounded as the C library's are.

#![allow(
    clippy::excessive_precision,
    reason = "the coefficients as they are published"
)]

use std::f64::consts::{LN_2, PI};

/// `g - 0.5` of the approximation.
const G_MINUS_HALF: f64 = 5.524680040776729583740234375;
/// `g`
const G: f64 = 6.024680040776729583740234375;

/// The rational function of the approximation (N = 13, g = 6.024…; J. Maddock's coefficients), lowest power first.
const NUMERATOR: [f64; 13] = [
    23531376880.410759688572007674451636754734846804940,
    42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843,
    17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708,
    1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801,
    31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768,
    186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024,
    210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408,
];
const DENOMINATOR: [f64; 13] = [
    0.0,
    39916800.0,
    120543840.0,
    150917976.0,
    105258076.0,
    45995730.0,
    13339535.0,
    2637558.0,
    357423.0,
    32670.0,
    1925.0,
    66.0,
    1.0,
];

/// The factorials that are exact, from 0! on.
const FACTORIALS: [f64; 23] = [
    1.0,
    1.0,
    2.0,
    6.0,
    24.0,
    120.0,
    720.0,
    5040.0,
    40320.0,
    362880.0,
    3628800.0,
    39916800.0,
    479001600.0,
    6227020800.0,
    87178291200.0,
    1307674368000.0,
    20922789888000.0,
    355687428096000.0,
    6402373705728000.0,
    121645100408832000.0,
    2432902008176640000.0,
    51090942171709440000.0,
    1124000727777607680000.0,
];

fn lanczos_sum(x: f64) -> f64 {
    let (mut top, mut bottom) = (0.0, 0.0);
    let pairs = NUMERATOR.iter().zip(&DENOMINATOR);
    if x < 5.0 {
        for (n, d) in pairs.rev() {
            top = top * x + n;
            bottom = bottom * x + d;
        }
    } else {
        // From the other end, so that nothing overflows.
        for (n, d) in pairs {
            top = top / x + n;
            bottom = bottom / x + d;
        }
    }
    top / bottom
}

/// `sin(pi * x)`, with small errors near the zeros.
fn sin_pi(x: f64) -> f64 {
    let y = x.abs() % 2.0;
    let part = (y * 2.0).round() as i32;
    let r = match part {
        0 => (PI * y).sin(),
        1 => (PI * (y - 0.5)).cos(),
        2 => (PI * (1.0 - y)).sin(),
        3 => -(PI * (y - 1.5)).cos(),
        _ => (PI * (y - 2.0)).sin(),
    };
    1f64.copysign(x) * r
}

/// The gamma function; infinite where it overflows.
pub fn gamma(x: f64) -> f64 {
    if !x.is_finite() {
        return if x > 0.0 || x.is_nan() { x } else { f64::NAN };
    }
    if x == 0.0 {
        return 1.0 / x;
    }
    if x == x.floor() {
        if x < 0.0 {
            return f64::NAN;
        }
        if let Some(exact) = FACTORIALS.get(x as usize - 1) {
            return *exact;
        }
    }
    let size = x.abs();
    if size < 1e-20 {
        return 1.0 / x;
    }
    if size > 200.0 {
        return if x < 0.0 {
            0.0 / sin_pi(x)
        } else {
            f64::INFINITY
        };
    }
    let y = size + G_MINUS_HALF;
    // What adding the two has rounded away, relative to the greater.
    let z = if size > G_MINUS_HALF {
        (y - size) - G_MINUS_HALF
    } else {
        (y - G_MINUS_HALF) - size
    };
    let z = z * G / y;
    if x < 0.0 {
        let mut r = -PI / sin_pi(size) / size * y.exp() / lanczos_sum(size);
        r -= z * r;
        if size < 140.0 {
            return r / y.powf(size - 0.5);
        }
        let root = y.powf(size / 2.0 - 0.25);
        return r / root / root;
    }
    let mut r = lanczos_sum(size) / y.exp();
    r += z * r;
    if size < 140.0 {
        return r * y.powf(size - 0.5);
    }
    let root = y.powf(size / 2.0 - 0.25);
    r * root * root
}

/// The logarithm of the gamma function's absolute value.
pub fn log_gamma(x: f64) -> f64 {
    if !x.is_finite() {
        return if x.is_nan() { x } else { f64::INFINITY };
    }
    if x == x.floor() && x <= 2.0 {
        return if x <= 0.0 { f64::INFINITY } else { 0.0 };
    }
    let size = x.abs();
    if size < 1e-20 {
        return -size.ln();
    }
    let mut r = lanczos_sum(size).ln() - G;
    r += (size - 0.5) * ((size + G - 0.5).ln() - 1.0);
    if x < 0.0 {
        r = PI.ln() - sin_pi(size).abs().ln() - size.ln() - r;
    }
    r
}

/// `ln(1 + x)`: where 1 + x loses little, the logarithm itself is the more exact way.
fn log_1p(x: f64) -> f64 {
    if x < 0.5 {
        return x.ln_1p();
    }
    let sum = 1.0 + x;
    sum.ln() + (x - (sum - 1.0)) / sum
}

/// `acosh`, for x of at least 1.
pub fn acosh(x: f64) -> f64 {
    if x > 268_435_456.0 {
        x.ln() + LN_2
    } else if x >= 1.5 {
        // ln(x + sqrt(x*x - 1)) with what rounding has lost on the way.
        let square = x * x;
        let lost = x.mul_add(x, -square);
        let a = square - 1.0;
        let root = a.sqrt();
        let root_lost = ((-root).mul_add(root, a) + lost) / (2.0 * root);
        let sum = x + root;
        let sum_lost = ((x - sum) + root) + root_lost;
        sum.ln() + sum_lost / sum
    } else {
        let t = x - 1.0;
        log_1p(t + (2.0 * t + t * t).sqrt())
    }
}

/// `atanh`, for x between -1 and 1.
pub fn atanh(x: f64) -> f64 {
    let size = x.abs();
    let t = if size < 0.5 {
        let twice = size + size;
        0.5 * (twice + twice * size / (1.0 - size)).ln_1p()
    } else {
        0.5 * log_1p((size + size) / (1.0 - size))
    };
    t.copysign(x)
}
