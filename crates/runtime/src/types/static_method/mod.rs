//! The builtin type `staticmethod`.

use viv_heap::{Object, ObjectLayout, Ref};

use crate::native::MethodDef;
use crate::object::{Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::types::class_method::{GETSET, Wrapping, empty, init, repr, this};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `staticmethod`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "staticmethod",
    doc: "Convert a function to be a static method.",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(|vm, ty, _| empty(vm, ty)));
        s.init.set(Some(init));
        s.repr.set(Some(|vm, o| repr(vm, o, "staticmethod")));
        s.call.set(Some(|vm, o, args| {
            let callable = this(vm, o)?.callable.get().unwrap_or_else(|| vm.none_ref());
            protocol::call(vm, &callable, args)
        }));
        s.descr_get.set(Some(|vm, o, _, _| Ok(this(vm, o)?.callable.get().unwrap_or_else(|| vm.none_ref()))));
    },
    getset: GETSET,
    ..TypeSpec::new(Wrapping::layout, true)
};

/// A static method of a callable.
pub fn of(vm: &Vm, callable: &Object) -> PyResult {
    let made = empty(vm, &vm.types.static_method)?;
    this(vm, &made)?.callable.set(Some(callable.to_ref()));
    Ok(made)
}

/// A native static method of a builtin type.
pub fn of_native(vm: &Vm, ty: &Ref<Type>, def: &'static MethodDef) -> PyResult {
    let function = crate::modules::make::native_function(vm, def, Some(ty.clone().upcast()), None)?;
    of(vm, &function)
}
