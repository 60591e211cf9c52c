//! The methods of int.

use dashu_int::IBig;
use dashu_int::ops::{BitTest, UnsignedAbs};
use viv_heap::Object;

use super::{arith, construct};
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Int, Str};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::vm::Vm;

/// The methods.
pub const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "conjugate",
        "($self, /)",
        NativeCall::NoArgs(own_int),
        "Returns self, the complex conjugate of any int.",
    ),
    MethodDef::new(
        "bit_length",
        "($self, /)",
        NativeCall::NoArgs(bit_length),
        "Number of bits necessary to represent self in binary.\n\n>>> bin(37)\n'0b100101'\n>>> (37).bit_length()\n6",
    ),
    MethodDef::new(
        "bit_count",
        "($self, /)",
        NativeCall::NoArgs(bit_count),
        "Number of ones in the binary representation of the absolute value of self.\n\nAlso known as the population count.\n\n>>> bin(13)\n'0b1101'\n>>> (13).bit_count()\n3",
    ),
    MethodDef::new(
        "as_integer_ratio",
        "($self, /)",
        NativeCall::NoArgs(as_integer_ratio),
        "Return a pair of integers, whose ratio is equal to the original int.\n\nThe ratio is in lowest terms and has a positive denominator.\n\n>>> (10).as_integer_ratio()\n(10, 1)\n>>> (-10).as_integer_ratio()\n(-10, 1)\n>>> (0).as_integer_ratio()\n(0, 1)",
    ),
    MethodDef::new(
        "__trunc__",
        "($self, /)",
        NativeCall::NoArgs(own_int),
        "Truncating an Integral returns itself.",
    ),
    MethodDef::new(
        "__floor__",
        "($self, /)",
        NativeCall::NoArgs(own_int),
        "Flooring an Integral returns itself.",
    ),
    MethodDef::new(
        "__ceil__",
        "($self, /)",
        NativeCall::NoArgs(own_int),
        "Ceiling of an Integral returns itself.",
    ),
    MethodDef::new(
        "__round__",
        "($self, ndigits=None, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: round,
        },
        "Rounding an Integral returns itself.\n\nRounding with an ndigits argument also returns an integer.",
    ),
    MethodDef::new(
        "__getnewargs__",
        "($self, /)",
        NativeCall::NoArgs(getnewargs),
        "",
    ),
    MethodDef::new(
        "__format__",
        "($self, format_spec, /)",
        NativeCall::One(format),
        "Convert to a string according to format_spec.",
    ),
    MethodDef::new(
        "__sizeof__",
        "($self, /)",
        NativeCall::NoArgs(sizeof),
        "Returns size in memory, in bytes.",
    ),
    MethodDef::new(
        "is_integer",
        "($self, /)",
        NativeCall::NoArgs(|vm, _| Ok(vm.bool(true))),
        "Returns True. Exists for duck type compatibility with float.is_integer.",
    ),
    MethodDef::new(
        "__divmod__",
        "($self, value, /)",
        NativeCall::One(|vm, a, b| super::both(vm, a, b, arith::div_mod)),
        "Return divmod(self, value).",
    ),
    MethodDef::new(
        "__rdivmod__",
        "($self, value, /)",
        NativeCall::One(|vm, a, b| super::both(vm, b, a, arith::div_mod)),
        "Return divmod(value, self).",
    ),
];

/// The computed attributes.
pub const GETSET: &[GetSetDef] = &[
    GetSetDef::get("real", own_int, "the real part of a complex number"),
    GetSetDef::get(
        "imag",
        |vm, _| vm.new_int(0),
        "the imaginary part of a complex number",
    ),
    GetSetDef::get(
        "numerator",
        own_int,
        "the numerator of a rational number in lowest terms",
    ),
    GetSetDef::get(
        "denominator",
        |vm, _| vm.new_int(1),
        "the denominator of a rational number in lowest terms",
    ),
];

/// The int itself, or one of exactly the type `int`.
pub fn own_int(vm: &Vm, this: &Object) -> PyResult {
    construct::exact(vm, receiver(vm, this)?)
}

fn bit_length(vm: &Vm, this: &Object) -> PyResult {
    let int = receiver::<Int>(vm, this)?;
    match int.as_i64() {
        Some(small) => vm.new_int(i64::from(64 - small.unsigned_abs().leading_zeros())),
        None => vm.new_usize(int.to_big().unsigned_abs().bit_len()),
    }
}

fn bit_count(vm: &Vm, this: &Object) -> PyResult {
    let int = receiver::<Int>(vm, this)?;
    match int.as_i64() {
        Some(small) => vm.new_int(i64::from(small.unsigned_abs().count_ones())),
        None => vm.new_int(
            int.limbs()
                .iter()
                .map(|limb| i64::from(limb.count_ones()))
                .sum(),
        ),
    }
}

fn as_integer_ratio(vm: &Vm, this: &Object) -> PyResult {
    Ok(vm
        .new_tuple(vec![own_int(vm, this)?, vm.new_int(1)?])?
        .upcast())
}

fn getnewargs(vm: &Vm, this: &Object) -> PyResult {
    Ok(vm.new_tuple(vec![own_int(vm, this)?])?.upcast())
}

fn sizeof(vm: &Vm, this: &Object) -> PyResult {
    let int = receiver::<Int>(vm, this)?;
    vm.new_usize(this.own_size() + std::mem::size_of_val(int.limbs()))
}

fn format(vm: &Vm, this: &Object, spec: &Object) -> PyResult {
    let int = receiver::<Int>(vm, this)?;
    let Some(spec) = spec.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "__format__() argument must be str, not {}",
            protocol::type_name(spec)
        )));
    };
    if spec.is_empty() {
        return Ok(protocol::str(vm, this)?.upcast());
    }
    crate::types::format::format_int(vm, int, spec)
}

/// `round(int, ndigits)`: to a multiple of a power of ten where `ndigits` is below zero, ties to even.
fn round(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let Some(digits) = args.first().filter(|d| !vm.is_none(d)) else {
        return own_int(vm, this);
    };
    let index = protocol::index(vm, digits)?;
    let digits = protocol::to_isize_clamped(vm, &index)?;
    if digits >= 0 {
        return own_int(vm, this);
    }
    let int = receiver::<Int>(vm, this)?;
    let value = int.to_big();
    // Far beyond the value's own digits the answer is zero.
    if digits.unsigned_abs() as f64 > value.bit_len() as f64 * 0.302 + 2.0 {
        return vm.new_int(0);
    }
    let unit = IBig::from(10).pow(digits.unsigned_abs() as usize);
    let (quotient, rest) = arith::floor_div_rem_big(&value, &unit);
    let twice = &rest + &rest;
    let odd = quotient.bit(0);
    let up = twice > unit || (twice == unit && odd);
    let quotient = if up { quotient + 1 } else { quotient };
    vm.new_big_int(&(quotient * unit))
}
