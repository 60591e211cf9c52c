//! The iterator over sets.

use std::cell::Cell;

use viv_heap::{Object, ObjectLayout, Ref};

use crate::native::{MethodDef, NativeCall};
use crate::object::{Set, SetIterator, Slot};
use crate::result::PyResult;
use crate::types::sequence::{place_tracked, receiver, reduce_iter};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `set_iterator`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "set_iterator",
    slots: |s| {
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next));
    },
    methods: &[METHODS],
    ..TypeSpec::new(SetIterator::layout, true)
};

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
];

/// `iter(set)`
pub fn iter(vm: &Vm, this: &Object) -> PyResult {
    let set = receiver::<Set>(vm, this)?;
    place_tracked(
        vm,
        SetIterator {
            head: Object::new(vm.types.set_iterator.type_head_of()),
            set: Slot::full(Ref::of(set)),
            place: Cell::new(0),
            used: Cell::new(set.len()),
            left: Cell::new(set.len()),
        },
    )
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<SetIterator>(vm, this)?;
    match this.step() {
        Some(item) => Ok(item),
        None => Err(vm.runtime_error("Set changed size during iteration")),
    }
}

fn length_hint(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<SetIterator>(vm, this)?;
    vm.new_usize(
        this.set
            .get()
            .filter(|s| s.len() == this.used.get())
            .map_or(0, |_| this.left.get()),
    )
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<SetIterator>(vm, this)?;
    let mut rest = Vec::new();
    if let Some(set) = this.set.get() {
        let mut at = this.place.get();
        while let Some((i, key, _)) = set.next_element(at) {
            rest.push(key);
            at = i + 1;
        }
    }
    reduce_iter(vm, &[vm.new_list(rest)?.as_object()], None)
}
