//! The builtin types `method_descriptor` and `classmethod_descriptor`: native methods in the dict of their type.

use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::{GetSetDef, Receiver};
use crate::object::{MethodDescriptor, Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::types::native_function::doc;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `method_descriptor`.
pub static METHOD_DESCRIPTOR_SPEC: TypeSpec = TypeSpec {
    name: "method_descriptor",
    traits: TypeTraits::METHOD_DESCRIPTOR,
    slots: |s| {
        s.call.set(Some(|vm, o, args| call(vm, this(vm, o)?, args)));
        s.repr.set(Some(repr));
        s.descr_get.set(Some(|vm, o, instance, _| match instance {
            Some(instance) => bind(vm, this(vm, o)?, instance),
            None => Ok(o.to_ref()),
        }));
    },
    getset: GETSET,
    ..TypeSpec::new(MethodDescriptor::layout, true)
};

/// The type `classmethod_descriptor`.
pub static CLASS_METHOD_DESCRIPTOR_SPEC: TypeSpec = TypeSpec {
    name: "classmethod_descriptor",
    slots: |s| {
        s.call.set(Some(|vm, o, args| call(vm, this(vm, o)?, args)));
        s.repr.set(Some(repr));
        s.descr_get.set(Some(|vm, o, instance, owner| {
            let class = owner.map(Object::to_ref).or_else(|| instance.map(|i| Type::of(i).head.to_ref()));
            bind(vm, this(vm, o)?, &class.unwrap_or_else(|| vm.none_ref()))
        }));
    },
    getset: GETSET,
    ..TypeSpec::new(MethodDescriptor::layout, true)
};

const GETSET: &[GetSetDef] = &[
    GetSetDef::get("__name__", |vm, o| vm.intern(this(vm, o)?.def.name).map(Ref::upcast), ""),
    GetSetDef::get("__qualname__", |vm, o| vm.new_str(&full_name(this(vm, o)?)).map(Ref::upcast), ""),
    GetSetDef::get("__doc__", |vm, o| doc(vm, this(vm, o)?.def.doc), ""),
    GetSetDef::get("__text_signature__", |vm, o| doc(vm, this(vm, o)?.def.signature), ""),
    GetSetDef::member("__objclass__", |vm, o| Ok(this(vm, o)?.owner.clone().upcast()), ""),
];

fn this<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a MethodDescriptor> {
    object.downcast::<MethodDescriptor>().ok_or_else(|| vm.type_error("descriptor requires a method descriptor"))
}

fn full_name(method: &MethodDescriptor) -> String {
    format!("{}.{}", method.owner.display_name(), method.def.name)
}

fn repr(vm: &Vm, object: &Object) -> PyResult {
    let method = this(vm, object)?;
    vm.new_str(&format!("<method '{}' of '{}' objects>", method.def.name, method.owner.display_name())).map(Ref::upcast)
}

fn bind(vm: &Vm, method: &MethodDescriptor, receiver: &Object) -> PyResult {
    check(vm, method, receiver)?;
    crate::modules::make::native_function(vm, method.def, Some(receiver.to_ref()), None)
}

fn check(vm: &Vm, method: &MethodDescriptor, receiver: &Object) -> PyResult<()> {
    let fits = match method.def.receiver {
        Receiver::Class => receiver.downcast::<Type>().is_some_and(|t| t.is_subtype(&method.owner)),
        _ => Type::of(receiver).is_subtype(&method.owner),
    };
    if fits {
        return Ok(());
    }
    Err(vm.type_error(format!(
        "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
        method.def.name,
        method.owner.display_name(),
        protocol::type_name(receiver)
    )))
}

/// Calls a method of a builtin type: the first argument is its self.
pub fn call(vm: &Vm, method: &MethodDescriptor, args: Args<'_>) -> PyResult {
    let Some(receiver) = args.pos().first() else {
        return Err(vm.type_error(format!("unbound method {}() needs an argument", full_name(method))));
    };
    check(vm, method, receiver)?;
    crate::native::bind::call_native(vm, method.def, receiver, args.skip_first(), &method.parameters, &|| full_name(method))
}
