//! The iterator over a string.

use std::cell::Cell;

use viv_heap::{Object, ObjectLayout, Ref};

use crate::native::{MethodDef, NativeCall};
use crate::object::{Slot, Str, StrIterator, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{receiver, reduce_iter};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `str_iterator`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "str_iterator",
    traits: TypeTraits::NO_NEW,
    slots: fill,
    methods: &[METHODS],
    ..TypeSpec::new(StrIterator::layout, false)
};

/// The type `str_ascii_iterator`.
pub static ASCII_SPEC: TypeSpec = TypeSpec {
    name: "str_ascii_iterator",
    traits: TypeTraits::NO_NEW,
    slots: fill,
    methods: &[METHODS],
    ..TypeSpec::new(StrIterator::layout, false)
};

fn fill(s: &crate::slots::Slots) {
    s.iter.set(Some(|_, this| Ok(this.to_ref())));
    s.next.set(Some(next));
}

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__length_hint__",
        "($self, /)",
        NativeCall::NoArgs(length_hint),
        "Private method returning an estimate of len(list(it)).",
    ),
    MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(reduce),
        "Return state information for pickling.",
    ),
    MethodDef::new(
        "__setstate__",
        "($self, state, /)",
        NativeCall::One(setstate),
        "Set state information for unpickling.",
    ),
];

/// `iter(string)`
pub fn iter(vm: &Vm, this: &Object) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    let ty = if string.is_ascii() {
        &vm.types.str_ascii_iterator
    } else {
        &vm.types.str_iterator
    };
    let head = Object::new(ty.type_head_of());
    vm.place(StrIterator {
        head,
        index: Cell::new(0),
        string: Slot::full(Ref::of(string)),
    })
    .map(Ref::upcast)
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let iterator = receiver::<StrIterator>(vm, this)?;
    let Some(string) = iterator.string.get() else {
        return Ok(None);
    };
    let index = iterator.index.get();
    match string.char_at(index) {
        Some(c) => {
            iterator.index.set(index + 1);
            Ok(Some(vm.new_char(c)?.upcast()))
        }
        None => {
            iterator.string.set(None);
            Ok(None)
        }
    }
}

fn length_hint(vm: &Vm, this: &Object) -> PyResult {
    let iterator = receiver::<StrIterator>(vm, this)?;
    let left = iterator
        .string
        .get()
        .map_or(0, |s| s.len().saturating_sub(iterator.index.get()));
    vm.new_usize(left)
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let iterator = receiver::<StrIterator>(vm, this)?;
    match iterator.string.get() {
        Some(string) => reduce_iter(vm, &[&string], Some(&*vm.new_usize(iterator.index.get())?)),
        None => reduce_iter(vm, &[vm.empty_str.as_object()], None),
    }
}

fn setstate(vm: &Vm, this: &Object, state: &Object) -> PyResult {
    let iterator = receiver::<StrIterator>(vm, this)?;
    let index = protocol::to_i64(vm, state)?.max(0) as usize;
    if let Some(string) = iterator.string.get() {
        iterator.index.set(index.min(string.len()));
    }
    Ok(vm.none_ref())
}
