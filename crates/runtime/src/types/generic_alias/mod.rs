//! Generic aliases and unions: not there yet.
use crate::result::PyResult;
use crate::vm::Vm;
use viv_heap::Object;

pub fn class_getitem(vm: &Vm, _i: &Object, _d: &Object) -> PyResult {
    Err(vm.not_implemented_error("generic aliases are not implemented yet"))
}

/// `X | Y` of types: not there yet, so the operator stays unsupported.
pub fn union(vm: &Vm, _a: &Object, _b: &Object) -> PyResult {
    Ok(vm.not_implemented())
}
