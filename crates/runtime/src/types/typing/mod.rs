//! stub
use crate::result::PyResult;
use crate::vm::Vm;
use viv_heap::{Object, Ref};

pub fn new_type_var(vm: &Vm, _n: &Object, _b: Option<&Object>, _c: Option<&Object>) -> PyResult {
    Err(vm.not_implemented_error("stub"))
}
pub fn new_param_spec(vm: &Vm, _n: &Object) -> PyResult {
    Err(vm.not_implemented_error("stub"))
}
pub fn new_type_var_tuple(vm: &Vm, _n: &Object) -> PyResult {
    Err(vm.not_implemented_error("stub"))
}
pub fn subscript_generic(vm: &Vm, _n: &Object) -> PyResult {
    Err(vm.not_implemented_error("stub"))
}
pub fn new_type_alias(vm: &Vm, _n: &Object) -> PyResult {
    Err(vm.not_implemented_error("stub"))
}
pub fn set_default(vm: &Vm, _a: &Object, _b: &Object) -> PyResult {
    Err(vm.not_implemented_error("stub"))
}
pub fn unused(_: Ref) {}
