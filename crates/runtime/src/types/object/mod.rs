//! The builtin type `object`.

use crate::object::{Instance, TypeTraits};
use crate::types::spec::TypeSpec;
use viv_heap::{Object, ObjectLayout, Ref};
use crate::object::Str;
use crate::result::PyResult;
use crate::vm::Vm;

/// The type `object`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "object",
    traits: TypeTraits::BASE,
    ..TypeSpec::new(Instance::layout, false)
};

/// `object.__getattribute__`: data descriptor of the type, then the instance's own, then the type's.
pub fn generic_get_attr(vm: &Vm, object: &Object, name: &Str) -> PyResult {
    let _ = (object, name);
    Err(vm.not_implemented_error("generic attribute access"))
}

/// `object.__setattr__` and `__delattr__`.
pub fn generic_set_attr(vm: &Vm, object: &Object, name: &Str, value: Option<&Object>) -> PyResult<()> {
    let _ = (object, name, value);
    Err(vm.not_implemented_error("generic attribute assignment"))
}

/// What `object.name(…)` calls; see [`protocol::get_method`](crate::protocol::get_method).
pub fn get_method(vm: &Vm, object: &Object, name: &Str) -> PyResult<(Ref, bool)> {
    Ok((crate::protocol::get_attr(vm, object, name)?, false))
}
