//! The views `dict_keys`, `dict_values`, `dict_items`.

use viv_heap::{Object, ObjectLayout, Ref};

use super::iterator;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Dict, DictView, DictWhat, Tuple, TypeTraits};
use crate::protocol::{self, TextBuilder};
use crate::result::PyResult;
use crate::slots::Slots;
use crate::types::sequence::{place_tracked, receiver};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `dict_keys`.
pub static KEYS_SPEC: TypeSpec = TypeSpec {
    name: "dict_keys",
    traits: TypeTraits::UNHASHABLE,
    slots: |s| {
        shared_slots(s);
        set_slots(s);
    },
    methods: &[REVERSED],
    getset: MAPPING,
    ..TypeSpec::new(DictView::layout, true)
};

/// The type `dict_values`.
pub static VALUES_SPEC: TypeSpec =
    TypeSpec { name: "dict_values", slots: shared_slots, methods: &[REVERSED], getset: MAPPING, ..TypeSpec::new(DictView::layout, true) };

/// The type `dict_items`.
pub static ITEMS_SPEC: TypeSpec = TypeSpec {
    name: "dict_items",
    traits: TypeTraits::UNHASHABLE,
    slots: |s| {
        shared_slots(s);
        set_slots(s);
    },
    methods: &[REVERSED],
    getset: MAPPING,
    ..TypeSpec::new(DictView::layout, true)
};

const REVERSED: &[MethodDef] = &[MethodDef::new("__reversed__", "($self, /)", NativeCall::NoArgs(reversed), "Return a reverse iterator over the dict view.")];

const MAPPING: &[GetSetDef] = &[GetSetDef::get("mapping", mapping, "dictionary that this view refers to")];

fn shared_slots(s: &Slots) {
    s.repr.set(Some(repr));
    s.iter.set(Some(|vm, this| {
        let view = receiver::<DictView>(vm, this)?;
        iterator::new(vm, &view.dict, view.what)
    }));
    s.len.set(Some(|vm, this| Ok(receiver::<DictView>(vm, this)?.dict.len())));
}

fn set_slots(s: &Slots) {
    s.contains.set(Some(contains));
}

/// A view of a dict.
pub fn new(vm: &Vm, dict: &Object, what: DictWhat) -> PyResult {
    let dict = Ref::of(receiver::<Dict>(vm, dict)?);
    let ty = match what {
        DictWhat::Keys => &vm.types.dict_keys,
        DictWhat::Values => &vm.types.dict_values,
        DictWhat::Items => &vm.types.dict_items,
    };
    place_tracked(vm, DictView { head: Object::new(ty.type_head_of()), dict, what })
}

fn reversed(vm: &Vm, this: &Object) -> PyResult {
    let view = receiver::<DictView>(vm, this)?;
    iterator::new_reverse(vm, &view.dict, view.what)
}

fn mapping(vm: &Vm, this: &Object) -> PyResult {
    crate::types::mapping_proxy(vm, receiver::<DictView>(vm, this)?.dict.as_object())
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let Some(_guard) = vm.enter_repr(this) else { return Ok(vm.new_str("...")?.upcast()) };
    let items = vm.new_list(protocol::collect(vm, this)?)?;
    let mut text = TextBuilder::new();
    text.push(&protocol::type_name(this));
    text.push("(");
    text.push_repr(vm, &items)?;
    text.push(")");
    Ok(text.finish(vm)?.upcast())
}

fn contains(vm: &Vm, this: &Object, item: &Object) -> PyResult<bool> {
    let view = receiver::<DictView>(vm, this)?;
    if view.what == DictWhat::Keys {
        return view.dict.contains(vm, item);
    }
    let Some(pair) = item.downcast::<Tuple>() else { return Ok(false) };
    let [key, value] = pair.as_slice() else { return Ok(false) };
    match view.dict.get(vm, key)? {
        Some(found) => protocol::compare_is_or_eq(vm, &found, value),
        None => Ok(false),
    }
}

