//! The builtin type `getset_descriptor`: computed attributes of builtin types.

use viv_heap::{Object, ObjectLayout, Ref};

use crate::native::GetSetDef;
use crate::object::{GetSetDescriptor, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::native_function::doc;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `getset_descriptor`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "getset_descriptor",
    slots: |s| {
        s.repr.set(Some(|vm, o| {
            let d = this(vm, o)?;
            let kind = if d.def.member { "member" } else { "attribute" };
            vm.new_str(&format!("<{kind} '{}' of '{}' objects>", d.def.name, d.owner.display_name())).map(Ref::upcast)
        }));
        s.descr_get.set(Some(|vm, o, instance, _| match instance {
            Some(instance) => {
                let d = this(vm, o)?;
                check(vm, d, instance)?;
                (d.def.get)(vm, instance)
            }
            None => Ok(o.to_ref()),
        }));
        s.descr_set.set(Some(|vm, o, instance, value| {
            let d = this(vm, o)?;
            check(vm, d, instance)?;
            match d.def.set {
                Some(set) => set(vm, instance, value),
                None if d.def.member => Err(vm.raise(&vm.exceptions.AttributeError, "readonly attribute")),
                None => Err(vm.raise(
                    &vm.exceptions.AttributeError,
                    &format!("attribute '{}' of '{}' objects is not writable", d.def.name, d.owner.display_name()),
                )),
            }
        }));
    },
    getset: &[
        GetSetDef::get("__name__", |vm, o| vm.intern(this(vm, o)?.def.name).map(Ref::upcast), ""),
        GetSetDef::get("__qualname__", |vm, o| {
            let d = this(vm, o)?;
            vm.new_str(&format!("{}.{}", d.owner.display_name(), d.def.name)).map(Ref::upcast)
        }, ""),
        GetSetDef::get("__doc__", |vm, o| doc(vm, this(vm, o)?.def.doc), ""),
        GetSetDef::member("__objclass__", |vm, o| Ok(this(vm, o)?.owner.clone().upcast()), ""),
    ],
    ..TypeSpec::new(GetSetDescriptor::layout, true)
};

fn this<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a GetSetDescriptor> {
    object.downcast::<GetSetDescriptor>().ok_or_else(|| vm.type_error("descriptor requires a getset descriptor"))
}

fn check(vm: &Vm, descriptor: &GetSetDescriptor, instance: &Object) -> PyResult<()> {
    if Type::of(instance).is_subtype(&descriptor.owner) {
        return Ok(());
    }
    Err(vm.type_error(format!(
        "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
        descriptor.def.name,
        descriptor.owner.display_name(),
        protocol::type_name(instance)
    )))
}
