//! The builtin type `getset_descriptor`: a computed attribute of a builtin type.

use viv_heap::{Object, ObjectLayout};

use crate::native::GetSetDef;
use crate::object::{GetSetDescriptor, Type};
use crate::protocol::type_name;
use crate::result::PyResult;
use crate::types::method_descriptor::text;
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `getset_descriptor`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "getset_descriptor",
    slots: |s| {
        s.repr.set(Some(|vm, o| repr(vm, o, "attribute")));
        s.descr_get.set(Some(descr_get));
        s.descr_set.set(Some(descr_set));
    },
    getset: GETSET,
    ..TypeSpec::new(GetSetDescriptor::layout, true)
};

/// The type `member_descriptor` of the computed attributes that CPython keeps as struct members.
pub static MEMBER_SPEC: TypeSpec = TypeSpec {
    name: "member_descriptor",
    slots: |s| {
        s.repr.set(Some(|vm, o| repr(vm, o, "member")));
        s.descr_get.set(Some(descr_get));
        s.descr_set.set(Some(descr_set));
    },
    getset: GETSET,
    ..TypeSpec::new(GetSetDescriptor::layout, true)
};

const GETSET: &[GetSetDef] = &[
    GetSetDef::member(
        "__objclass__",
        |vm, o| Ok(own(vm, o)?.owner.clone().upcast()),
        "",
    ),
    GetSetDef::member(
        "__name__",
        |vm, o| Ok(vm.intern(own(vm, o)?.def.name)?.upcast()),
        "",
    ),
    GetSetDef::get("__qualname__", qualname, ""),
    GetSetDef::get("__doc__", |vm, o| text(vm, own(vm, o)?.def.doc), ""),
];

fn own<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a GetSetDescriptor> {
    receiver(vm, object)
}

fn qualname(vm: &Vm, this: &Object) -> PyResult {
    let this = own(vm, this)?;
    let owner = this.owner.qualname.get();
    let owner = owner.as_ref().map_or("?".into(), |n| n.to_text());
    Ok(vm.new_str(&format!("{owner}.{}", this.def.name))?.upcast())
}

fn repr(vm: &Vm, this: &Object, what: &str) -> PyResult {
    let this = own(vm, this)?;
    let text = format!(
        "<{what} '{}' of '{}' objects>",
        this.def.name,
        this.owner.display_name()
    );
    Ok(vm.new_str(&text)?.upcast())
}

#[cold]
fn wrong_object(vm: &Vm, this: &GetSetDescriptor, object: &Object) -> crate::result::Raised {
    vm.type_error(format!(
        "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
        this.def.name,
        this.owner.display_name(),
        type_name(object)
    ))
}

fn descr_get(
    vm: &Vm,
    this: &Object,
    instance: Option<&Object>,
    _owner: Option<&Object>,
) -> PyResult {
    let own = own(vm, this)?;
    let Some(instance) =
        instance.filter(|o| !vm.is_none(o) || vm.types.none_type.is_subtype(&own.owner))
    else {
        return Ok(this.to_ref());
    };
    if !Type::of(instance).is_subtype(&own.owner) {
        return Err(wrong_object(vm, own, instance));
    }
    (own.def.get)(vm, instance)
}

fn descr_set(vm: &Vm, this: &Object, instance: &Object, value: Option<&Object>) -> PyResult<()> {
    let own = own(vm, this)?;
    if !Type::of(instance).is_subtype(&own.owner) {
        return Err(wrong_object(vm, own, instance));
    }
    match own.def.set {
        Some(set) => set(vm, instance, value),
        None if own.def.member => {
            Err(vm.raise(&vm.exceptions.AttributeError, "readonly attribute"))
        }
        None => Err(vm.raise(
            &vm.exceptions.AttributeError,
            &format!(
                "attribute '{}' of '{}' objects is not writable",
                own.def.name,
                own.owner.display_name()
            ),
        )),
    }
}
