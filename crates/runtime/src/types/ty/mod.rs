//! The builtin type `type`.

use crate::object::{Type, TypeTraits};
use crate::types::spec::TypeSpec;
use viv_heap::{Object, ObjectLayout};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// The type `type`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "type",
    weaklist_offset: std::mem::offset_of!(Type, weakrefs) as u32,
    traits: TypeTraits::BASE,
    ..TypeSpec::new(Type::layout, true)
};

/// `class[key]`: the class's `__class_getitem__`.
pub fn class_getitem(vm: &Vm, class: &Type, key: &Object) -> PyResult {
    match protocol::get_attr_opt(vm, &class.head, &vm.names.__class_getitem__)? {
        Some(method) => protocol::call_one(vm, &method, key),
        None => Err(vm.type_error(format!("type '{}' is not subscriptable", class.display_name()))),
    }
}

pub fn is_instance(_vm:&Vm,o:&Object,c:&Object)->PyResult<bool>{ Ok(c.downcast::<Type>().is_some_and(|c|Type::of(o).is_subtype(c))) }
pub fn add_slot_wrappers(_vm:&Vm,_t:&viv_heap::Ref<Type>)->PyResult<()>{Ok(())}
