//! The shortest way for numbers whose coefficients have 64 bits: most amounts of money and their like.
//!
//! **Invariant.** What is given here is what [`Work`](super::number::Work) gives for the same operands and rules, and no
//! condition is met; in any other case there is no answer.

use dashu_int::UBig;

use super::number::{Kind, Number, Rules};

/// A coefficient of 64 bits at most.
#[inline]
pub fn small(coefficient: &UBig) -> Option<u64> {
    match coefficient.as_words() {
        [] => Some(0),
        [word] => Some(*word),
        _ => None,
    }
}

/// The number of digits; zero has one.
#[inline]
pub fn count(coefficient: u64) -> i64 {
    coefficient
        .checked_ilog10()
        .map_or(1, |log| i64::from(log) + 1)
}

/// The coefficient of a finite number that is not zero.
#[inline]
fn plain(n: &Number) -> Option<u64> {
    if n.kind != Kind::Finite {
        return None;
    }
    small(&n.coefficient).filter(|coefficient| *coefficient != 0)
}

/// A number that is normal under the rules and needs no rounding.
#[inline]
fn exact(rules: &Rules, negative: bool, coefficient: u128, exponent: i64) -> Option<Number> {
    let digits = match u64::try_from(coefficient) {
        Ok(small) => count(small),
        Err(_) => i64::from(coefficient.checked_ilog10()?) + 1,
    };
    let adjusted = exponent + digits - 1;
    let fits = digits <= rules.prec
        && adjusted >= rules.emin
        && adjusted <= rules.emax
        && !rules.clamp
        && coefficient != 0;
    fits.then(|| Number::finite(negative, UBig::from(coefficient), exponent))
}

/// Exponents that no sum of a few of them takes out of range.
#[inline]
fn near(exponent: i64) -> bool {
    exponent.unsigned_abs() < 1 << 60
}

/// `a + b`, of `b` with the sign given.
#[inline]
pub fn add(rules: &Rules, a: &Number, b: &Number, b_negative: bool) -> Option<Number> {
    let (x, y) = (plain(a)?, plain(b)?);
    if !near(a.exponent) || !near(b.exponent) {
        return None;
    }
    let shift = a.exponent.abs_diff(b.exponent);
    let unit = u128::from(10u64.checked_pow(u32::try_from(shift).ok()?)?);
    let (x, y, exponent) = if a.exponent >= b.exponent {
        (u128::from(x) * unit, u128::from(y), b.exponent)
    } else {
        (u128::from(x), u128::from(y) * unit, a.exponent)
    };
    if a.negative == b_negative {
        return exact(rules, a.negative, x.checked_add(y)?, exponent);
    }
    // Equal ones have a sign of their own.
    if x > y {
        exact(rules, a.negative, x - y, exponent)
    } else {
        exact(rules, b_negative, y - x, exponent)
    }
}

/// `a * b`
#[inline]
pub fn mul(rules: &Rules, a: &Number, b: &Number) -> Option<Number> {
    let (x, y) = (plain(a)?, plain(b)?);
    if !near(a.exponent) || !near(b.exponent) {
        return None;
    }
    let product = u128::from(x) * u128::from(y);
    exact(
        rules,
        a.negative != b.negative,
        product,
        a.exponent + b.exponent,
    )
}
