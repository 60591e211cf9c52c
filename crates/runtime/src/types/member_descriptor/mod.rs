//! The builtin type `member_descriptor`: names in `__slots__`.

use viv_heap::{Object, ObjectLayout, Ref};

use crate::native::GetSetDef;
use crate::object::{MemberDescriptor, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `member_descriptor`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "member_descriptor",
    slots: |s| {
        s.repr.set(Some(|vm, o| {
            let m = this(vm, o)?;
            vm.new_str(&format!("<member '{}' of '{}' objects>", m.name.to_text(), m.owner.display_name())).map(Ref::upcast)
        }));
        s.descr_get.set(Some(|vm, o, instance, _| match instance {
            Some(instance) => {
                let m = this(vm, o)?;
                check(vm, m, instance)?;
                match instance.slot(m.offset) {
                    Some(value) => Ok(value),
                    None => Err(protocol::attribute::no_attribute(vm, instance, &m.name)),
                }
            }
            None => Ok(o.to_ref()),
        }));
        s.descr_set.set(Some(|vm, o, instance, value| {
            let m = this(vm, o)?;
            check(vm, m, instance)?;
            let old = instance.replace_slot(m.offset, value.map(Object::to_ref));
            if value.is_none() && old.is_none() {
                return Err(protocol::attribute::no_attribute(vm, instance, &m.name));
            }
            drop(old);
            Ok(())
        }));
    },
    getset: &[
        GetSetDef::get("__name__", |vm, o| Ok(this(vm, o)?.name.clone().upcast()), ""),
        GetSetDef::get("__qualname__", |vm, o| {
            let m = this(vm, o)?;
            vm.new_str(&format!("{}.{}", m.owner.display_name(), m.name.to_text())).map(Ref::upcast)
        }, ""),
        GetSetDef::get("__doc__", |vm, _| Ok(vm.none_ref()), ""),
        GetSetDef::member("__objclass__", |vm, o| Ok(this(vm, o)?.owner.clone().upcast()), ""),
    ],
    ..TypeSpec::new(MemberDescriptor::layout, true)
};

fn this<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a MemberDescriptor> {
    object.downcast::<MemberDescriptor>().ok_or_else(|| vm.type_error("descriptor requires a member descriptor"))
}

fn check(vm: &Vm, member: &MemberDescriptor, instance: &Object) -> PyResult<()> {
    if Type::of(instance).is_subtype(&member.owner) {
        return Ok(());
    }
    Err(vm.type_error(format!(
        "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
        member.name.to_text(),
        member.owner.display_name(),
        protocol::type_name(instance)
    )))
}
