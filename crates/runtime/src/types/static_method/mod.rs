//! stub
use viv_heap::{Object, Ref};
use crate::result::PyResult;
use crate::vm::Vm;
use crate::object::Type;use crate::native::MethodDef;

pub fn of_native(vm:&Vm,_i:&Ref<Type>, _d:&'static MethodDef)->PyResult{Err(vm.not_implemented_error("stub"))}
