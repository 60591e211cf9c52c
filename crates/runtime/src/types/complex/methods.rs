//! The methods of complex.

use viv_heap::Object;

use super::construct;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Complex, Str, Type};
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
        "Convert number to a complex floating-point number.",
    ),
    MethodDef::new(
        "conjugate",
        "($self, /)",
        NativeCall::NoArgs(conjugate),
        "Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j.",
    ),
    MethodDef::new(
        "__complex__",
        "($self, /)",
        NativeCall::NoArgs(own_complex),
        "Convert this value to exact type complex.",
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
];

/// The computed attributes.
pub const GETSET: &[GetSetDef] = &[
    GetSetDef::member(
        "real",
        |vm, this| vm.new_float(receiver::<Complex>(vm, this)?.re),
        "the real part of a complex number",
    ),
    GetSetDef::member(
        "imag",
        |vm, this| vm.new_float(receiver::<Complex>(vm, this)?.im),
        "the imaginary part of a complex number",
    ),
];

/// The number itself, or one of exactly the type `complex`.
pub fn own_complex(vm: &Vm, this: &Object) -> PyResult {
    if this.is_exact::<Complex>() {
        return Ok(this.to_ref());
    }
    let z = receiver::<Complex>(vm, this)?;
    vm.new_complex(z.re, z.im)
}

/// `abs(z)`
pub fn abs(vm: &Vm, this: &Object) -> PyResult {
    let z = receiver::<Complex>(vm, this)?;
    let length = z.re.hypot(z.im);
    if length.is_infinite() && z.re.is_finite() && z.im.is_finite() {
        return Err(vm.overflow_error("absolute value too large"));
    }
    vm.new_float(length)
}

fn from_number(vm: &Vm, this: &Object, number: &Object) -> PyResult {
    let made = construct::from_number(vm, number)?;
    match this.downcast::<Type>() {
        Some(ty) if !ty.is(&vm.types.complex) => protocol::call_one(vm, &ty.head, &made),
        _ => Ok(made),
    }
}

fn conjugate(vm: &Vm, this: &Object) -> PyResult {
    let z = receiver::<Complex>(vm, this)?;
    vm.new_complex(z.re, -z.im)
}

fn getnewargs(vm: &Vm, this: &Object) -> PyResult {
    let z = receiver::<Complex>(vm, this)?;
    Ok(vm
        .new_tuple(vec![vm.new_float(z.re)?, vm.new_float(z.im)?])?
        .upcast())
}

fn format(vm: &Vm, this: &Object, spec: &Object) -> PyResult {
    let z = receiver::<Complex>(vm, this)?;
    let Some(spec) = spec.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "__format__() argument must be str, not {}",
            protocol::type_name(spec)
        )));
    };
    if spec.is_empty() {
        return Ok(protocol::str(vm, this)?.upcast());
    }
    crate::types::format::format_complex(vm, z.re, z.im, spec)
}
