//! The iterator over an array.

use std::cell::Cell;

use viv_runtime::object::{Slot, TypeTraits, kinds};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver, reduce_iter};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout};

use super::Array;

/// An `array.arrayiterator`.
#[repr(C)]
pub struct ArrayIterator {
    /// The header.
    pub head: Object,
    index: Cell<usize>,
    /// The array, until the end.
    array: Slot<Array>,
}
object_layout!(
    ArrayIterator = kinds::ARRAY_ITERATOR,
    traverse | this,
    visit | {
        this.array.visit(visit);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "arrayiterator",
    module: "array",
    traits: TypeTraits::NO_NEW,
    slots: |s| {
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next));
    },
    methods: &[METHODS],
    ..TypeSpec::new(ArrayIterator::layout, true)
};

const METHODS: &[MethodDef] = &[
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

/// `iter(array)`
pub fn iter(vm: &Vm, this: &Object) -> PyResult {
    let array = Ref::of(receiver::<Array>(vm, this)?);
    let ty = extra_type(vm, &SPEC, &vm.types.object)?;
    place_tracked(
        vm,
        ArrayIterator {
            head: Object::new(ty.type_head_of()),
            index: Cell::new(0),
            array: Slot::full(array),
        },
    )
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let iterator = receiver::<ArrayIterator>(vm, this)?;
    let Some(array) = iterator.array.get() else {
        return Ok(None);
    };
    let index = iterator.index.get();
    match array.get(vm, index)? {
        Some(item) => {
            iterator.index.set(index + 1);
            Ok(Some(item))
        }
        None => {
            drop(iterator.array.take());
            Ok(None)
        }
    }
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let iterator = receiver::<ArrayIterator>(vm, this)?;
    match iterator.array.get() {
        Some(array) => {
            let index = vm.new_usize(iterator.index.get())?;
            reduce_iter(vm, &[array.as_object()], Some(&index))
        }
        None => reduce_iter(vm, &[vm.new_list(Vec::new())?.as_object()], None),
    }
}

fn setstate(vm: &Vm, this: &Object, state: &Object) -> PyResult {
    let iterator = receiver::<ArrayIterator>(vm, this)?;
    let index = protocol::to_i64(vm, state)?.max(0) as usize;
    if let Some(array) = iterator.array.get() {
        iterator.index.set(index.min(array.len()));
    }
    Ok(vm.none_ref())
}
