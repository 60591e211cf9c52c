//! The builtin types `method_descriptor`, `classmethod_descriptor`.

use crate::object::{MethodDescriptor, TypeTraits};
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `method_descriptor`.
pub static METHOD_DESCRIPTOR_SPEC: TypeSpec = TypeSpec {
    name: "method_descriptor",
    traits: TypeTraits::METHOD_DESCRIPTOR,
    ..TypeSpec::new(MethodDescriptor::layout, true)
};

/// The type `classmethod_descriptor`.
pub static CLASS_METHOD_DESCRIPTOR_SPEC: TypeSpec = TypeSpec {
    name: "classmethod_descriptor",
    ..TypeSpec::new(MethodDescriptor::layout, true)
};

/// Calls a method of a builtin type: the first argument is its self.
pub fn call(vm: &crate::Vm, method: &MethodDescriptor, args: crate::Args<'_>) -> crate::PyResult {
    let Some(receiver) = args.pos().first() else { return Err(vm.type_error("unbound method needs an argument")) };
    crate::native::bind::call_native(vm, method.def, receiver, args.skip_first(), &method.parameters, &|| format!("{}.{}", method.owner.display_name(), method.def.name))
}
