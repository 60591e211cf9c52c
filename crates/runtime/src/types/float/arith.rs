//! Arithmetic, comparison and hashing of floats.

use std::cmp::Ordering;

use dashu_int::IBig;
use viv_bytecode::CompareOp;
use viv_heap::Object;

use crate::object::{Float, Int};
use crate::result::{PyResult, Raised};
use crate::types::int::{HASH_MODULUS, order_holds, to_f64};
use crate::vm::Vm;

/// The value of a float or an int as an operand; nothing for other types.
///
/// # Errors
/// OverflowError for an int that is too large.
#[inline]
pub fn operand(vm: &Vm, object: &Object) -> PyResult<Option<f64>> {
    if let Some(float) = object.downcast::<Float>() {
        return Ok(Some(float.value()));
    }
    object
        .downcast::<Int>()
        .map(|int| to_f64(vm, int))
        .transpose()
}

/// Runs an operator of two floats, ints being converted; NotImplemented where an operand is neither.
#[inline]
pub fn both(vm: &Vm, a: &Object, b: &Object, f: fn(&Vm, f64, f64) -> PyResult) -> PyResult {
    if let (Some(x), Some(y)) = (a.downcast::<Float>(), b.downcast::<Float>()) {
        return f(vm, x.value(), y.value());
    }
    // An int that is too large matters only where the other operand is ours.
    let ours = |o: &Object| o.downcast::<Float>().is_some() || o.downcast::<Int>().is_some();
    if !ours(a) || !ours(b) {
        return Ok(vm.not_implemented());
    }
    match (operand(vm, a)?, operand(vm, b)?) {
        (Some(x), Some(y)) => f(vm, x, y),
        _ => Ok(vm.not_implemented()),
    }
}

fn by_zero(vm: &Vm) -> Raised {
    vm.zero_division_error("division by zero")
}

/// `x / y`
#[inline]
pub fn div(vm: &Vm, x: f64, y: f64) -> PyResult {
    if y == 0.0 {
        Err(by_zero(vm))
    } else {
        vm.new_float(x / y)
    }
}

/// `x % y`, the sign being that of `y`, which is not zero.
pub fn modulo_f64(x: f64, y: f64) -> f64 {
    let rest = x % y;
    if rest == 0.0 {
        0f64.copysign(y)
    } else if (y < 0.0) != (rest < 0.0) {
        rest + y
    } else {
        rest
    }
}

/// `x % y`
pub fn modulo(vm: &Vm, x: f64, y: f64) -> PyResult {
    if y == 0.0 {
        Err(by_zero(vm))
    } else {
        vm.new_float(modulo_f64(x, y))
    }
}

/// `divmod(x, y)` of a `y` that is not zero.
pub fn div_mod_f64(x: f64, y: f64) -> (f64, f64) {
    let mut rest = x % y;
    let mut quotient = (x - rest) / y;
    if rest == 0.0 {
        rest = 0f64.copysign(y);
    } else if (y < 0.0) != (rest < 0.0) {
        rest += y;
        quotient -= 1.0;
    }
    let whole = if quotient == 0.0 {
        0f64.copysign(x / y)
    } else {
        let floor = quotient.floor();
        if quotient - floor > 0.5 {
            floor + 1.0
        } else {
            floor
        }
    };
    (whole, rest)
}

/// `x // y`
pub fn floor_div(vm: &Vm, x: f64, y: f64) -> PyResult {
    if y == 0.0 {
        Err(by_zero(vm))
    } else {
        vm.new_float(div_mod_f64(x, y).0)
    }
}

/// `divmod(x, y)`
pub fn div_mod(vm: &Vm, x: f64, y: f64) -> PyResult {
    if y == 0.0 {
        return Err(by_zero(vm));
    }
    let (quotient, rest) = div_mod_f64(x, y);
    Ok(vm
        .new_tuple(vec![vm.new_float(quotient)?, vm.new_float(rest)?])?
        .upcast())
}

/// OverflowError as the C library's ERANGE shows: `(34, 'Numerical result out of range')`.
#[cold]
pub fn out_of_range(vm: &Vm) -> Raised {
    let args = vm
        .new_int(34)
        .and_then(|code| Ok((code, vm.new_str("Numerical result out of range")?)));
    match args {
        Ok((code, text)) => vm.raise_with(&vm.exceptions.OverflowError, &[&code, text.as_object()]),
        Err(raised) => raised,
    }
}

/// `x ** y`; a complex number where the base is below zero and the exponent no whole number.
pub fn pow_f64(vm: &Vm, x: f64, y: f64) -> PyResult {
    if x > 0.0 {
        let power = x.powf(y);
        if power.is_finite() {
            return vm.new_float(power);
        }
    }
    special_pow(vm, x, y)
}

/// As [`pow_f64`], of any numbers. Never a part of that: the compiler may ask for more of what is needed here than it has to.
#[inline(never)]
fn special_pow(vm: &Vm, x: f64, y: f64) -> PyResult {
    if x == 0.0 && y < 0.0 && y.is_finite() {
        return Err(vm.zero_division_error("zero to a negative power"));
    }
    if x < 0.0 && x.is_finite() && y.is_finite() && y.floor() != y {
        return crate::types::complex::arith::pow(vm, (x, 0.0), (y, 0.0));
    }
    let power = x.powf(y);
    if power.is_infinite() && x.is_finite() && y.is_finite() {
        return Err(out_of_range(vm));
    }
    vm.new_float(power)
}

/// The slot of `pow` with three arguments.
pub fn pow_slot(vm: &Vm, a: &Object, b: &Object, c: &Object) -> PyResult {
    if !vm.is_none(c) {
        return Err(
            vm.type_error("pow() 3rd argument not allowed unless all arguments are integers")
        );
    }
    both(vm, a, b, pow_f64)
}

/// The order of a float and an int, exactly; nothing for NaN.
pub fn order_with_int(x: f64, int: &Int) -> Option<Ordering> {
    if let Some(small) = int.as_i64()
        && small.unsigned_abs() <= 1 << 53
    {
        return x.partial_cmp(&(small as f64));
    }
    if x.is_nan() {
        return None;
    }
    if x.is_infinite() {
        return Some(if x > 0.0 {
            Ordering::Greater
        } else {
            Ordering::Less
        });
    }
    let floor = x.floor();
    let whole = IBig::try_from(floor).ok()?;
    let order = whole.cmp(&int.to_big());
    Some(if order.is_eq() && x > floor {
        Ordering::Greater
    } else {
        order
    })
}

/// The comparison slot.
pub fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let Some(x) = a.downcast::<Float>() else {
        return Ok(vm.not_implemented());
    };
    let order = if let Some(y) = b.downcast::<Float>() {
        x.value().partial_cmp(&y.value())
    } else if let Some(int) = b.downcast::<Int>() {
        order_with_int(x.value(), int)
    } else {
        return Ok(vm.not_implemented());
    };
    Ok(vm.bool(order.map_or(op == CompareOp::Ne, |order| order_holds(order, op))))
}

/// Mantissa and exponent: the value is `mantissa * 2**exponent`. The float is finite.
pub fn decompose(x: f64) -> (u64, i64) {
    let bits = x.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i64;
    let fraction = bits & ((1 << 52) - 1);
    if exponent == 0 {
        (fraction, -1074)
    } else {
        (fraction | 1 << 52, exponent - 1075)
    }
}

/// The hash, equal to that of an int of the same value; nothing for NaN, which hashes by identity.
pub fn hash_f64(x: f64) -> Option<i64> {
    if x.is_nan() {
        return None;
    }
    if x.is_infinite() {
        return Some(if x > 0.0 { 314_159 } else { -314_159 });
    }
    let (mantissa, exponent) = decompose(x);
    // Modulo the prime, a multiplication by 2**k is a rotation of 61 bits.
    let k = exponent.rem_euclid(61) as u32;
    let rest = if k == 0 {
        mantissa
    } else {
        (mantissa << k & HASH_MODULUS) | mantissa >> (61 - k)
    };
    let rest = rest % HASH_MODULUS;
    let hash = if x < 0.0 { -(rest as i64) } else { rest as i64 };
    Some(if hash == -1 { -2 } else { hash })
}

/// The hash by identity.
pub fn hash_address(object: &Object) -> i64 {
    match object.address().rotate_right(4) as i64 {
        -1 => -2,
        hash => hash,
    }
}
