//! stub
use crate::result::PyResult;
use crate::vm::Vm;
use viv_heap::{Object, Ref};

pub fn class_getitem(vm: &Vm, _i: &Object, _d: &Object) -> PyResult {
    Err(vm.not_implemented_error("stub"))
}
pub fn unused(_: Ref) {}

/// stub
pub fn union(vm: &Vm, _a: &Object, _b: &Object) -> PyResult {
    Ok(vm.not_implemented())
}
