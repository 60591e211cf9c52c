//! stub
use viv_heap::{Object, Ref};
use crate::result::PyResult;
use crate::vm::Vm;
use crate::object::Str;

pub fn import_from(vm:&Vm,_i:&Object, _d:&Str)->PyResult{Err(vm.not_implemented_error("stub"))}
pub fn import_star(vm:&Vm,_i:&Object, _d:&Object)->PyResult<()>{Err(vm.not_implemented_error("stub"))}
pub fn unused(_: Ref) {}

pub fn import_module_level(vm: &Vm, _name: &Str, _g: Option<&Object>, _f: Option<&Object>, _level: i64) -> PyResult { Err(vm.not_implemented_error("import")) }
