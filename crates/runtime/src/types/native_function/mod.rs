//! The builtin type `builtin_function_or_method`.

use crate::object::NativeFunction;
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `builtin_function_or_method`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "builtin_function_or_method",
    weaklist_offset: std::mem::offset_of!(NativeFunction, weakrefs) as u32,
    ..TypeSpec::new(NativeFunction::layout, true)
};

/// Calls a native function.
pub fn call(vm: &crate::Vm, function: &NativeFunction, args: crate::Args<'_>) -> crate::PyResult {
    let receiver = function.receiver.get();
    let receiver = receiver.as_deref().unwrap_or(vm.none());
    crate::native::bind::call_native(vm, function.def, receiver, args, &function.parameters, &|| function.def.name.to_owned())
}
