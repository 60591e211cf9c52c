//! Type parameters and type aliases: not there yet; each says so when it is made.
use crate::result::PyResult;
use crate::vm::Vm;
use viv_heap::Object;

pub fn new_type_var(vm: &Vm, _n: &Object, _b: Option<&Object>, _c: Option<&Object>) -> PyResult {
    Err(vm.not_implemented_error("type variables are not implemented yet"))
}
pub fn new_param_spec(vm: &Vm, _n: &Object) -> PyResult {
    Err(vm.not_implemented_error("parameter specifications are not implemented yet"))
}
pub fn new_type_var_tuple(vm: &Vm, _n: &Object) -> PyResult {
    Err(vm.not_implemented_error("type variable tuples are not implemented yet"))
}
pub fn subscript_generic(vm: &Vm, _n: &Object) -> PyResult {
    Err(vm.not_implemented_error("generic classes with type parameters are not implemented yet"))
}
pub fn new_type_alias(vm: &Vm, _n: &Object) -> PyResult {
    Err(vm.not_implemented_error("type aliases are not implemented yet"))
}
pub fn set_default(vm: &Vm, _a: &Object, _b: &Object) -> PyResult {
    Err(vm.not_implemented_error("defaults of type parameters are not implemented yet"))
}
