//! The module `math`.
//!
//! Functions of the C library's kind come from `libm` (a port of musl's), so that results do not depend on the platform.

pub mod gamma;
mod integer;
pub mod real;
pub mod sums;

use viv_heap::{Object, Ref};

use super::make::{ModuleSpec, add_float};
use crate::native::{MethodDef, NativeCall};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "math",
    doc: "This module provides access to the mathematical functions\ndefined by the C standard.",
    functions: &[real::FUNCTIONS, integer::FUNCTIONS, sums::FUNCTIONS],
    fill: |vm, module| {
        add_float(vm, module, "pi", std::f64::consts::PI)?;
        add_float(vm, module, "e", std::f64::consts::E)?;
        add_float(vm, module, "tau", std::f64::consts::TAU)?;
        add_float(vm, module, "inf", f64::INFINITY)?;
        add_float(vm, module, "nan", f64::NAN)
    },
};

const fn one(
    name: &'static str,
    signature: &'static str,
    f: fn(&Vm, &Object, &Object) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(name, signature, NativeCall::One(f), doc)
}

/// The text of a float in messages.
fn text_of(vm: &Vm, x: f64) -> PyResult<String> {
    Ok(protocol::repr(vm, vm.new_float(x)?.as_object())?
        .to_text()
        .into_owned())
}

/// The arguments as floats.
fn floats<const N: usize>(vm: &Vm, args: &[&Object]) -> PyResult<[f64; N]> {
    let mut values = [0.0; N];
    for (value, arg) in values.iter_mut().zip(args) {
        *value = protocol::to_f64(vm, arg)?;
    }
    Ok(values)
}

fn pair(vm: &Vm, a: Ref, b: Ref) -> PyResult {
    Ok(vm.new_tuple(vec![a, b])?.upcast())
}
