//! stub
use viv_heap::{Object, Ref};
use crate::result::PyResult;
use crate::vm::Vm;
use crate::object::Str;

pub fn super_lookup(vm:&Vm,_c:&Object,_o:&Object,_n:&Str,_m:bool)->PyResult<(Ref,bool)>{Err(vm.not_implemented_error("stub"))}
