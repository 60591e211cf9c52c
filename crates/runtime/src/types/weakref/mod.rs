//! The builtin types of weak references: `weakref.ReferenceType`, `weakref.ProxyType`, `weakref.CallableProxyType`.
//!
//! The heap keeps the lists and clears them; here is what scripts can do with the references.

pub mod proxy;
pub mod reference;

use viv_heap::{Object, Ref, WeakError};

use crate::object::Type;
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// A weak reference or proxy of type `ty`.
///
/// # Errors
/// TypeError where objects of the target's type cannot be weakly referenced, MemoryError.
pub fn make(vm: &Vm, ty: &Type, target: &Object, callback: Option<&Object>) -> PyResult {
    let callback = callback.filter(|c| !vm.is_none(c)).map(Object::to_ref);
    vm.heap
        .new_weakref(ty.type_head_of(), target, callback)
        .map_err(|error| match error {
            WeakError::NotSupported => vm.type_error(format!(
                "cannot create weak reference to '{}' object",
                protocol::type_name(target)
            )),
            WeakError::NoMemory => vm.no_memory(),
        })
}

/// `<weakref at 0x…; to 'type' at 0x… (name)>`
fn describe(vm: &Vm, kind: &str, this: &Object, target: Option<Ref>) -> PyResult {
    let at = this.address();
    let Some(target) = target else {
        return Ok(vm.new_str(&format!("<{kind} at {at:#x}; dead>"))?.upcast());
    };
    let name = match protocol::lookup_special(vm, &target, &vm.names.__name__)? {
        Some(name) if kind == "weakref" => name
            .downcast::<crate::object::Str>()
            .map(|n| format!(" ({})", n.to_text())),
        _ => None,
    };
    let text = format!(
        "<{kind} at {at:#x}; to '{}' at {:#x}{}>",
        Type::of(&target).full_name(vm),
        target.address(),
        name.unwrap_or_default()
    );
    Ok(vm.new_str(&text)?.upcast())
}
