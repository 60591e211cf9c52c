//! Arithmetic of ints. Every function tries 64 bits first and falls back to big integers.

use std::cmp::Ordering;

use dashu_int::fast_div::ConstDivisor;
use dashu_int::ops::{BitTest, DivRem, ExtendedGcd, UnsignedAbs};
use dashu_int::{IBig, Sign, UBig};
use viv_heap::Object;

use super::limbs::{self, Wanted};
use crate::object::Int;
use crate::result::PyResult;
use crate::vm::Vm;

/// Results of more bits than this are refused with MemoryError: they could not be held anyway.
const MAX_BITS: u64 = 1 << 40;

/// `a + b`
#[inline]
pub fn add(vm: &Vm, a: &Int, b: &Int) -> PyResult {
    if let (Some(x), Some(y)) = (a.as_i64(), b.as_i64())
        && let Some(sum) = x.checked_add(y)
    {
        return vm.new_int(sum);
    }
    limbs::add(vm, a, b, false).unwrap_or_else(|| vm.new_big_int(&(a.to_big() + b.to_big())))
}

/// `a - b`
#[inline]
pub fn sub(vm: &Vm, a: &Int, b: &Int) -> PyResult {
    if let (Some(x), Some(y)) = (a.as_i64(), b.as_i64())
        && let Some(difference) = x.checked_sub(y)
    {
        return vm.new_int(difference);
    }
    limbs::add(vm, a, b, true).unwrap_or_else(|| vm.new_big_int(&(a.to_big() - b.to_big())))
}

/// `a * b`
#[inline]
pub fn mul(vm: &Vm, a: &Int, b: &Int) -> PyResult {
    if let (Some(x), Some(y)) = (a.as_i64(), b.as_i64())
        && let Some(product) = x.checked_mul(y)
    {
        return vm.new_int(product);
    }
    limbs::mul(vm, a, b).unwrap_or_else(|| vm.new_big_int(&(a.to_big() * b.to_big())))
}

/// `-a`
pub fn neg(vm: &Vm, a: &Int) -> PyResult {
    match a.as_i64().and_then(i64::checked_neg) {
        Some(small) => vm.new_int(small),
        None => vm.new_big_int(&-a.to_big()),
    }
}

/// `abs(a)`
pub fn abs(vm: &Vm, a: &Int) -> PyResult {
    match a.as_i64().and_then(i64::checked_abs) {
        Some(small) => vm.new_int(small),
        None => vm.new_big_int(&IBig::from(a.to_big().unsigned_abs())),
    }
}

/// `~a`
pub fn invert(vm: &Vm, a: &Int) -> PyResult {
    match a.as_i64() {
        Some(small) => vm.new_int(!small),
        None => vm.new_big_int(&!a.to_big()),
    }
}

/// `a & b`
pub fn and(vm: &Vm, a: &Int, b: &Int) -> PyResult {
    match (a.as_i64(), b.as_i64()) {
        (Some(x), Some(y)) => vm.new_int(x & y),
        _ => vm.new_big_int(&(a.to_big() & b.to_big())),
    }
}

/// `a | b`
pub fn or(vm: &Vm, a: &Int, b: &Int) -> PyResult {
    match (a.as_i64(), b.as_i64()) {
        (Some(x), Some(y)) => vm.new_int(x | y),
        _ => vm.new_big_int(&(a.to_big() | b.to_big())),
    }
}

/// `a ^ b`
pub fn xor(vm: &Vm, a: &Int, b: &Int) -> PyResult {
    match (a.as_i64(), b.as_i64()) {
        (Some(x), Some(y)) => vm.new_int(x ^ y),
        _ => vm.new_big_int(&(a.to_big() ^ b.to_big())),
    }
}

fn division_by_zero(vm: &Vm) -> crate::result::Raised {
    vm.zero_division_error("division by zero")
}

/// Quotient and remainder of 64 bits, rounded down; nothing where the quotient does not fit. `b` is not zero.
#[inline]
pub fn floor_div_rem(a: i64, b: i64) -> Option<(i64, i64)> {
    let quotient = a.checked_div(b)?;
    let rest = a % b;
    if rest != 0 && (rest < 0) != (b < 0) {
        Some((quotient - 1, rest + b))
    } else {
        Some((quotient, rest))
    }
}

/// Quotient and remainder of big ints, rounded down. `b` is not zero.
pub fn floor_div_rem_big(a: &IBig, b: &IBig) -> (IBig, IBig) {
    let (quotient, rest) = a.div_rem(b);
    if !rest.is_zero() && rest.sign() != b.sign() {
        (quotient - 1, rest + b)
    } else {
        (quotient, rest)
    }
}

/// `a // b`
#[inline]
pub fn floor_div(vm: &Vm, a: &Int, b: &Int) -> PyResult {
    if b.signum() == 0 {
        return Err(division_by_zero(vm));
    }
    if let (Some(x), Some(y)) = (a.as_i64(), b.as_i64())
        && let Some((quotient, _)) = floor_div_rem(x, y)
    {
        return vm.new_int(quotient);
    }
    limbs::divide(vm, a, b, Wanted::Quotient)
        .unwrap_or_else(|| vm.new_big_int(&floor_div_rem_big(&a.to_big(), &b.to_big()).0))
}

/// `a % b`
#[inline]
pub fn modulo(vm: &Vm, a: &Int, b: &Int) -> PyResult {
    if b.signum() == 0 {
        return Err(division_by_zero(vm));
    }
    if let (Some(x), Some(y)) = (a.as_i64(), b.as_i64())
        && let Some((_, rest)) = floor_div_rem(x, y)
    {
        return vm.new_int(rest);
    }
    limbs::divide(vm, a, b, Wanted::Rest)
        .unwrap_or_else(|| vm.new_big_int(&floor_div_rem_big(&a.to_big(), &b.to_big()).1))
}

/// `divmod(a, b)`
pub fn div_mod(vm: &Vm, a: &Int, b: &Int) -> PyResult {
    if b.signum() == 0 {
        return Err(division_by_zero(vm));
    }
    let (quotient, rest) = match (a.as_i64(), b.as_i64()) {
        (Some(x), Some(y)) if let Some((quotient, rest)) = floor_div_rem(x, y) => {
            (vm.new_int(quotient)?, vm.new_int(rest)?)
        }
        _ => {
            let (quotient, rest) = floor_div_rem_big(&a.to_big(), &b.to_big());
            (vm.new_big_int(&quotient)?, vm.new_big_int(&rest)?)
        }
    };
    Ok(vm.new_tuple(vec![quotient, rest])?.upcast())
}

/// `a / b`: the float nearest to the exact quotient.
pub fn true_div(vm: &Vm, a: &Int, b: &Int) -> PyResult {
    if b.signum() == 0 {
        return Err(division_by_zero(vm));
    }
    // Both exact as floats: one correctly rounded division.
    const EXACT: i64 = 1 << 53;
    if let (Some(x), Some(y)) = (a.as_i64(), b.as_i64())
        && (-EXACT..=EXACT).contains(&x)
        && (-EXACT..=EXACT).contains(&y)
    {
        return vm.new_float(x as f64 / y as f64);
    }
    match quotient_f64(&a.to_big(), &b.to_big()) {
        Some(quotient) => vm.new_float(quotient),
        None => Err(vm.overflow_error("integer division result too large for a float")),
    }
}

/// The float nearest to `a / b`, ties to even; nothing where it is too large. `b` is not zero.
pub fn quotient_f64(a: &IBig, b: &IBig) -> Option<f64> {
    let negative = (a.sign() == Sign::Negative) != (b.sign() == Sign::Negative);
    let (x, y) = (a.unsigned_abs(), b.unsigned_abs());
    if x.is_zero() {
        return Some(if negative { -0.0 } else { 0.0 });
    }
    // Scale so that the quotient has 64 or 65 bits, then let one final rounding see quotient, sticky bit and exponent.
    let shift = y.bit_len() as i64 - x.bit_len() as i64 + 65;
    let (x, y) = if shift >= 0 {
        (x << shift as usize, y)
    } else {
        (x, y << -shift as usize)
    };
    let (quotient, rest) = x.div_rem(&y);
    let mut bits = u128::try_from(&quotient).ok()?;
    bits = bits << 1 | u128::from(!rest.is_zero());
    let magnitude = scale(bits, -shift - 1)?;
    Some(if negative { -magnitude } else { magnitude })
}

/// The float nearest to `bits * 2**exponent`, ties to even; nothing where it is too large.
pub fn scale(bits: u128, exponent: i64) -> Option<f64> {
    if bits == 0 {
        return Some(0.0);
    }
    let length = i64::from(128 - bits.leading_zeros());
    // The exponent of the last bit that the float keeps.
    let last = (exponent + length - 53).max(-1074);
    let drop = last - exponent;
    let kept = if drop <= 0 {
        bits << -drop
    } else if drop > 128 {
        0
    } else {
        let (kept, rest) = if drop == 128 {
            (0, bits)
        } else {
            (bits >> drop, bits & ((1 << drop) - 1))
        };
        let half = 1u128 << (drop - 1);
        if rest > half || (rest == half && kept & 1 == 1) {
            kept + 1
        } else {
            kept
        }
    };
    // `kept` has at most 54 bits, so it is exact, and so is the scaling: in two steps where the exponent is low.
    let mut value = kept as f64;
    let mut left = last;
    while left < -1000 {
        value *= 2f64.powi(-1000);
        left += 1000;
    }
    if left > 1023 {
        return None;
    }
    value *= 2f64.powi(left as i32);
    if value.is_finite() { Some(value) } else { None }
}

fn shift_count(vm: &Vm, b: &Int) -> PyResult<Option<usize>> {
    if b.signum() < 0 {
        return Err(vm.value_error("negative shift count"));
    }
    Ok(b.as_i64().map(|n| n as usize))
}

/// `a << b`
pub fn shl(vm: &Vm, a: &Int, b: &Int) -> PyResult {
    let count = shift_count(vm, b)?;
    if a.signum() == 0 {
        return vm.new_int(0);
    }
    let Some(count) = count else {
        return Err(vm.overflow_error("too many digits in integer"));
    };
    if let Some(x) = a.as_i64()
        && count < 63
        && x.unsigned_abs().leading_zeros() as usize > count + 1
    {
        return vm.new_int(x << count);
    }
    if count as u64 > MAX_BITS {
        return Err(vm.no_memory());
    }
    vm.new_big_int(&(a.to_big() << count))
}

/// `a >> b`
pub fn shr(vm: &Vm, a: &Int, b: &Int) -> PyResult {
    let count = shift_count(vm, b)?;
    if let (Some(x), Some(count)) = (a.as_i64(), count) {
        return vm.new_int(x >> count.min(63));
    }
    match count {
        Some(count) if count < a.limbs().len().saturating_mul(64) => {
            vm.new_big_int(&(a.to_big() >> count))
        }
        _ => vm.new_int(if a.signum() < 0 { -1 } else { 0 }),
    }
}

/// `a ** b`
pub fn pow(vm: &Vm, a: &Int, b: &Int) -> PyResult {
    if b.signum() < 0 {
        let (x, y) = (super::to_f64(vm, a)?, super::to_f64(vm, b)?);
        return crate::types::float::arith::pow_f64(vm, x, y);
    }
    if let (Some(x), Some(y)) = (a.as_i64(), b.as_i64())
        && let Ok(exponent) = u32::try_from(y)
        && let Some(power) = x.checked_pow(exponent)
    {
        return vm.new_int(power);
    }
    match (a.as_i64(), b.as_i64()) {
        (Some(0), _) => vm.new_int(0),
        (Some(1), _) => vm.new_int(1),
        (Some(-1), _) => vm.new_int(if is_odd(b) { -1 } else { 1 }),
        (_, Some(exponent)) => {
            let base = a.to_big();
            let bits = (base.bit_len() as u64).saturating_mul(exponent as u64);
            if bits > MAX_BITS {
                return Err(vm.no_memory());
            }
            vm.new_big_int(&base.pow(exponent as usize))
        }
        _ => Err(vm.no_memory()),
    }
}

fn is_odd(a: &Int) -> bool {
    match a.as_i64() {
        Some(small) => small & 1 == 1,
        None => a.limbs().first().is_some_and(|limb| limb & 1 == 1),
    }
}

/// The slot of `pow` with three arguments.
pub fn pow_slot(vm: &Vm, a: &Object, b: &Object, c: &Object) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<Int>(), b.downcast::<Int>()) else {
        return Ok(vm.not_implemented());
    };
    if vm.is_none(c) {
        return pow(vm, x, y);
    }
    match c.downcast::<Int>() {
        Some(modulus) => pow_mod(vm, x, y, modulus),
        None => Ok(vm.not_implemented()),
    }
}

/// `pow(a, b, c)`
pub fn pow_mod(vm: &Vm, a: &Int, b: &Int, modulus: &Int) -> PyResult {
    if modulus.signum() == 0 {
        return Err(vm.value_error("pow() 3rd argument cannot be 0"));
    }
    let signed = modulus.to_big();
    let magnitude = (&signed).unsigned_abs();
    if magnitude.is_one() {
        return vm.new_int(0);
    }
    let (mut base, mut exponent) = (a.to_big(), b.to_big());
    let positive = IBig::from(magnitude.clone());
    if exponent.sign() == Sign::Negative {
        base = match inverse(&base, &positive) {
            Some(inverse) => inverse,
            None => return Err(vm.value_error("base is not invertible for the given modulus")),
        };
        exponent = -exponent;
    }
    let base = floor_div_rem_big(&base, &positive).1.unsigned_abs();
    let exponent = exponent.unsigned_abs();
    let mut result = IBig::from(
        ConstDivisor::new(magnitude)
            .reduce(base)
            .pow(&exponent)
            .residue(),
    );
    if signed.sign() == Sign::Negative && !result.is_zero() {
        result += signed;
    }
    vm.new_big_int(&result)
}

/// The inverse of `a` modulo `n`, where there is one; `n` is above 1.
fn inverse(a: &IBig, n: &IBig) -> Option<IBig> {
    let a = floor_div_rem_big(a, n).1;
    if a.is_zero() {
        return None;
    }
    let (gcd, coefficient, _) = a.gcd_ext(n);
    if gcd != UBig::ONE {
        return None;
    }
    Some(floor_div_rem_big(&coefficient, n).1)
}

/// The order of two ints.
#[inline]
pub fn order(a: &Int, b: &Int) -> Ordering {
    match (a.as_i64(), b.as_i64()) {
        (Some(x), Some(y)) => x.cmp(&y),
        // A big one is farther from zero than any small one.
        (Some(_), None) => 0.cmp(&b.signum()),
        (None, Some(_)) => a.signum().cmp(&0),
        (None, None) => {
            let (m, n) = (a.signum(), b.signum());
            if m != n {
                return m.cmp(&n);
            }
            let (x, y) = (a.limbs(), b.limbs());
            let magnitude = x
                .len()
                .cmp(&y.len())
                .then_with(|| x.iter().rev().cmp(y.iter().rev()));
            if m < 0 {
                magnitude.reverse()
            } else {
                magnitude
            }
        }
    }
}
