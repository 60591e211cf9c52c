//! The builtin type `member_descriptor`: the descriptor of a name in `__slots__`.

use viv_heap::{Object, ObjectLayout, Ref};

use crate::native::GetSetDef;
use crate::object::{MemberDescriptor, Type};
use crate::protocol::type_name;
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `member_descriptor`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "member_descriptor",
    slots: |s| {
        s.repr.set(Some(repr));
        s.descr_get.set(Some(descr_get));
        s.descr_set.set(Some(descr_set));
    },
    getset: &[
        GetSetDef::member(
            "__objclass__",
            |vm, o| Ok(own(vm, o)?.owner.clone().upcast()),
            "",
        ),
        GetSetDef::member(
            "__name__",
            |vm, o| Ok(own(vm, o)?.name.clone().upcast()),
            "",
        ),
        GetSetDef::get("__qualname__", qualname, ""),
        GetSetDef::get("__doc__", |vm, _| Ok(vm.none_ref()), ""),
    ],
    ..TypeSpec::new(MemberDescriptor::layout, true)
};

fn own<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a MemberDescriptor> {
    receiver(vm, object)
}

fn qualname(vm: &Vm, this: &Object) -> PyResult {
    let this = own(vm, this)?;
    let owner = this.owner.qualname.get();
    let owner = owner.as_ref().map_or("?".into(), |n| n.to_text());
    Ok(vm
        .new_str(&format!("{owner}.{}", this.name.to_text()))?
        .upcast())
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let this = own(vm, this)?;
    let text = format!(
        "<member '{}' of '{}' objects>",
        this.name.to_text(),
        this.owner.display_name()
    );
    Ok(vm.new_str(&text)?.upcast())
}

fn check(vm: &Vm, this: &MemberDescriptor, object: &Object) -> PyResult<()> {
    if Type::of(object).is_subtype(&this.owner) {
        return Ok(());
    }
    Err(vm.type_error(format!(
        "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
        this.name.to_text(),
        this.owner.display_name(),
        type_name(object)
    )))
}

fn descr_get(
    vm: &Vm,
    this: &Object,
    instance: Option<&Object>,
    _owner: Option<&Object>,
) -> PyResult {
    let own = own(vm, this)?;
    let Some(instance) = instance else {
        return Ok(this.to_ref());
    };
    check(vm, own, instance)?;
    match instance.slot(own.offset) {
        Some(value) => Ok(value),
        None => {
            // The full name here, unlike in other messages.
            let class = Type::of(instance).full_name(vm);
            let name = own.name.to_text();
            let text = format!("'{class}' object has no attribute '{name}'");
            let raised = crate::types::exception::attribute_error(vm, &text, instance, &own.name);
            Err(raised)
        }
    }
}

fn descr_set(vm: &Vm, this: &Object, instance: &Object, value: Option<&Object>) -> PyResult<()> {
    let own = own(vm, this)?;
    check(vm, own, instance)?;
    let old: Option<Ref> = instance.replace_slot(own.offset, value.map(Object::to_ref));
    if old.is_none() && value.is_none() {
        return Err(vm.raise(&vm.exceptions.AttributeError, &own.name.to_text()));
    }
    Ok(())
}
