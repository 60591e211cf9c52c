//! The iterator over tuples.

use std::cell::Cell;

use viv_heap::{Object, ObjectLayout, Ref};

use crate::native::{MethodDef, NativeCall};
use crate::object::{Slot, Tuple, TupleIterator};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{place_tracked, receiver, reduce_iter};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `tuple_iterator`.
pub static ITERATOR_SPEC: TypeSpec = TypeSpec {
    name: "tuple_iterator",
    slots: |s| {
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next));
    },
    methods: &[METHODS],
    ..TypeSpec::new(TupleIterator::layout, true)
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
    MethodDef::new(
        "__setstate__",
        "($self, object, /)",
        NativeCall::One(setstate),
        "Set state information for unpickling.",
    ),
];

/// `iter(tuple)`
pub fn iter(vm: &Vm, this: &Object) -> PyResult {
    let tuple = receiver::<Tuple>(vm, this)?;
    let head = Object::new(vm.types.tuple_iterator.type_head_of());
    place_tracked(
        vm,
        TupleIterator {
            head,
            index: Cell::new(0),
            tuple: Slot::full(Ref::of(tuple)),
        },
    )
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    Ok(receiver::<TupleIterator>(vm, this)?.step())
}

fn length_hint(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<TupleIterator>(vm, this)?;
    vm.new_usize(
        this.tuple
            .get()
            .map_or(0, |tuple| tuple.len() - this.index.get()),
    )
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<TupleIterator>(vm, this)?;
    match this.tuple.get() {
        Some(tuple) => reduce_iter(vm, &[&tuple], Some(&*vm.new_usize(this.index.get())?)),
        None => reduce_iter(vm, &[vm.empty_tuple.as_object()], None),
    }
}

fn setstate(vm: &Vm, this: &Object, state: &Object) -> PyResult {
    let this = receiver::<TupleIterator>(vm, this)?;
    let index = protocol::to_i64(vm, state)?;
    if let Some(tuple) = this.tuple.get() {
        this.index.set((index.max(0) as usize).min(tuple.len()));
    }
    Ok(vm.none_ref())
}
