//! The methods of float.

use dashu_int::IBig;
use viv_heap::Object;

use super::{arith, construct};
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Float, Int, Str, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::vm::Vm;

/// The methods.
pub const METHODS: &[MethodDef] = &[
    MethodDef::class(
        "from_number",
        "($type, number, /)",
        NativeCall::One(from_number),
        "Convert real number to a floating-point number.",
    ),
    MethodDef::new(
        "conjugate",
        "($self, /)",
        NativeCall::NoArgs(own_float),
        "Return self, the complex conjugate of any float.",
    ),
    MethodDef::new(
        "__trunc__",
        "($self, /)",
        NativeCall::NoArgs(trunc),
        "Return the Integral closest to x between 0 and x.",
    ),
    MethodDef::new(
        "__floor__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| whole(vm, this, f64::floor)),
        "Return the floor as an Integral.",
    ),
    MethodDef::new(
        "__ceil__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| whole(vm, this, f64::ceil)),
        "Return the ceiling as an Integral.",
    ),
    MethodDef::new(
        "__round__",
        "($self, ndigits=None, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: round,
        },
        "Return the Integral closest to x, rounding half toward even.\n\nWhen an argument is passed, work like built-in round(x, ndigits).",
    ),
    MethodDef::new(
        "as_integer_ratio",
        "($self, /)",
        NativeCall::NoArgs(as_integer_ratio),
        "Return a pair of integers, whose ratio is exactly equal to the original float.\n\nThe ratio is in lowest terms and has a positive denominator.  Raise\nOverflowError on infinities and a ValueError on NaNs.\n\n>>> (10.0).as_integer_ratio()\n(10, 1)\n>>> (0.0).as_integer_ratio()\n(0, 1)\n>>> (-.25).as_integer_ratio()\n(-1, 4)",
    ),
    MethodDef::new(
        "is_integer",
        "($self, /)",
        NativeCall::NoArgs(is_integer),
        "Return True if the float is an integer.",
    ),
    MethodDef::new(
        "__getnewargs__",
        "($self, /)",
        NativeCall::NoArgs(getnewargs),
        "",
    ),
    MethodDef::class(
        "__getformat__",
        "($type, typestr, /)",
        NativeCall::One(getformat),
        "You probably don't want to use this function.\n\n  typestr\n    Must be 'double' or 'float'.\n\nIt exists mainly to be used in Python's test suite.\n\nThis function returns whichever of 'unknown', 'IEEE, big-endian' or 'IEEE,\nlittle-endian' best describes the format of floating-point numbers used by the\nC type named by typestr.",
    ),
    MethodDef::new(
        "__format__",
        "($self, format_spec, /)",
        NativeCall::One(format),
        "Formats the float according to format_spec.",
    ),
    MethodDef::new(
        "__divmod__",
        "($self, value, /)",
        NativeCall::One(|vm, a, b| arith::both(vm, a, b, arith::div_mod)),
        "Return divmod(self, value).",
    ),
    MethodDef::new(
        "__rdivmod__",
        "($self, value, /)",
        NativeCall::One(|vm, a, b| arith::both(vm, b, a, arith::div_mod)),
        "Return divmod(value, self).",
    ),
];

/// The computed attributes.
pub const GETSET: &[GetSetDef] = &[
    GetSetDef::get("real", own_float, "the real part of a complex number"),
    GetSetDef::get(
        "imag",
        |vm, _| vm.new_float(0.0),
        "the imaginary part of a complex number",
    ),
];

/// The float itself, or one of exactly the type `float`.
pub fn own_float(vm: &Vm, this: &Object) -> PyResult {
    if this.is_exact::<Float>() {
        return Ok(this.to_ref());
    }
    vm.new_float(receiver::<Float>(vm, this)?.value())
}

fn from_number(vm: &Vm, this: &Object, number: &Object) -> PyResult {
    let made = if number.is_exact::<Float>() {
        number.to_ref()
    } else {
        vm.new_float(protocol::to_f64(vm, number)?)?
    };
    match this.downcast::<Type>() {
        Some(ty) if !ty.is(&vm.types.float) => protocol::call_one(vm, &ty.head, &made),
        Some(ty) => construct::of_type(vm, ty, made),
        None => Ok(made),
    }
}

/// `int(x)`
pub fn trunc(vm: &Vm, this: &Object) -> PyResult {
    whole(vm, this, f64::trunc)
}

fn whole(vm: &Vm, this: &Object, f: fn(f64) -> f64) -> PyResult {
    int_of(vm, f(receiver::<Float>(vm, this)?.value()))
}

/// The int of a float without a fraction.
///
/// # Errors
/// OverflowError for infinities, ValueError for NaN.
pub fn int_of(vm: &Vm, value: f64) -> PyResult {
    if value.abs() < 9.0e18 {
        return vm.new_int(value as i64);
    }
    if value.is_nan() {
        return Err(vm.value_error("cannot convert float NaN to integer"));
    }
    match IBig::try_from(value) {
        Ok(big) => vm.new_big_int(&big),
        Err(_) => Err(vm.overflow_error("cannot convert float infinity to integer")),
    }
}

/// `float.__round__`
pub(crate) fn round(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let value = receiver::<Float>(vm, this)?.value();
    let Some(digits) = args.first().filter(|d| !vm.is_none(d)) else {
        return int_of(vm, value.round_ties_even());
    };
    let digits = protocol::to_isize_clamped(vm, digits)?;
    if !value.is_finite() || value == 0.0 || digits > 324 {
        return vm.new_float(value);
    }
    if digits < -309 {
        return vm.new_float(0f64.copysign(value));
    }
    let rounded = round_f64(value, digits as i32);
    if rounded.is_finite() {
        vm.new_float(rounded)
    } else {
        Err(vm.overflow_error("rounded value too large to represent"))
    }
}

/// Rounds to a number of decimal digits after the point (before it, where below zero), exactly and ties to even.
pub fn round_f64(value: f64, digits: i32) -> f64 {
    if digits >= 0 {
        return crate::types::format::double::fixed(value.abs(), digits as usize)
            .parse::<f64>()
            .map_or(value, |rounded| rounded.copysign(value));
    }
    let unit = 10f64.powi(-digits);
    // Whole numbers beyond the point: the float's integral part decides, and what is behind it only breaks ties.
    let magnitude = value.abs();
    let (Ok(whole), true) = (IBig::try_from(magnitude.trunc()), unit.is_finite()) else {
        return 0f64.copysign(value);
    };
    let unit = IBig::from(10).pow(digits.unsigned_abs() as usize);
    let (quotient, rest) = crate::types::int::arith::floor_div_rem_big(&whole, &unit);
    let twice = &rest + &rest;
    let tie = twice == unit && magnitude.fract() == 0.0;
    let above = twice > unit || (twice == unit && magnitude.fract() > 0.0);
    let odd = dashu_int::ops::BitTest::bit(&quotient, 0);
    let quotient = if above || (tie && odd) {
        quotient + 1
    } else {
        quotient
    };
    ((quotient * unit).to_f64().value()).copysign(value)
}

fn as_integer_ratio(vm: &Vm, this: &Object) -> PyResult {
    let value = receiver::<Float>(vm, this)?.value();
    if value.is_infinite() {
        return Err(vm.overflow_error("cannot convert Infinity to integer ratio"));
    }
    if value.is_nan() {
        return Err(vm.value_error("cannot convert NaN to integer ratio"));
    }
    let (mut mantissa, mut exponent) = arith::decompose(value);
    if mantissa == 0 {
        return Ok(vm.new_tuple(vec![vm.new_int(0)?, vm.new_int(1)?])?.upcast());
    }
    let zeros = mantissa.trailing_zeros();
    mantissa >>= zeros;
    exponent += i64::from(zeros);
    let top = if value < 0.0 {
        -IBig::from(mantissa)
    } else {
        IBig::from(mantissa)
    };
    let one = IBig::from(1);
    let (top, bottom) = if exponent >= 0 {
        (top << exponent as usize, one)
    } else {
        (top, one << -exponent as usize)
    };
    Ok(vm
        .new_tuple(vec![vm.new_big_int(&top)?, vm.new_big_int(&bottom)?])?
        .upcast())
}

fn is_integer(vm: &Vm, this: &Object) -> PyResult {
    let value = receiver::<Float>(vm, this)?.value();
    Ok(vm.bool(value.is_finite() && value.floor() == value))
}

fn getnewargs(vm: &Vm, this: &Object) -> PyResult {
    let value = vm.new_float(receiver::<Float>(vm, this)?.value())?;
    Ok(vm.new_tuple(vec![value])?.upcast())
}

fn getformat(vm: &Vm, _: &Object, name: &Object) -> PyResult {
    let Some(name) = name.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "__getformat__() argument must be str, not {}",
            protocol::type_name(name)
        )));
    };
    match name.as_ascii() {
        Some("double" | "float") => {
            let order = if cfg!(target_endian = "little") {
                "IEEE, little-endian"
            } else {
                "IEEE, big-endian"
            };
            Ok(vm.new_str(order)?.upcast())
        }
        _ => Err(vm.value_error("__getformat__() argument 1 must be 'double' or 'float'")),
    }
}

fn format(vm: &Vm, this: &Object, spec: &Object) -> PyResult {
    let value = receiver::<Float>(vm, this)?.value();
    let Some(spec) = spec.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "__format__() argument must be str, not {}",
            protocol::type_name(spec)
        )));
    };
    if spec.is_empty() {
        return Ok(protocol::str(vm, this)?.upcast());
    }
    crate::types::format::format_float(vm, value, spec, "float")
}

/// Whether an object is a real number that arithmetic with floats accepts.
pub fn is_real(object: &Object) -> bool {
    object.downcast::<Float>().is_some() || object.downcast::<Int>().is_some()
}
