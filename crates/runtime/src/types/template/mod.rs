//! Template strings: not there yet; making one says so.
use crate::result::PyResult;
use crate::vm::Vm;
use viv_heap::Object;

pub fn new_interpolation(
    vm: &Vm,
    _v: &Object,
    _t: &Object,
    _c: Option<char>,
    _s: Option<&Object>,
) -> PyResult {
    Err(vm.not_implemented_error("template strings are not implemented yet"))
}
pub fn new_template(vm: &Vm, _v: &Object, _t: &Object) -> PyResult {
    Err(vm.not_implemented_error("template strings are not implemented yet"))
}
