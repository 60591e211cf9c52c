//! The iterators over bytes and bytearray.

use std::cell::Cell;

use viv_heap::{Object, ObjectLayout, Ref};

use crate::native::{MethodDef, NativeCall};
use crate::object::{ByteArray, ByteArrayIterator, Bytes, BytesIterator, Slot, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{place_tracked, receiver, reduce_iter};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `bytes_iterator`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "bytes_iterator",
    traits: TypeTraits::NO_NEW,
    slots: |s| {
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next));
    },
    methods: &[METHODS],
    ..TypeSpec::new(BytesIterator::layout, false)
};

/// The type `bytearray_iterator`.
pub static ARRAY_SPEC: TypeSpec = TypeSpec {
    name: "bytearray_iterator",
    traits: TypeTraits::NO_NEW,
    slots: |s| {
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(array_next));
    },
    methods: &[METHODS],
    ..TypeSpec::new(ByteArrayIterator::layout, true)
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
        "($self, state, /)",
        NativeCall::One(setstate),
        "Set state information for unpickling.",
    ),
];

/// `iter(bytes)`
pub fn iter(vm: &Vm, this: &Object) -> PyResult {
    let bytes = receiver::<Bytes>(vm, this)?;
    let head = Object::new(vm.types.bytes_iterator.type_head_of());
    vm.place(BytesIterator {
        head,
        index: Cell::new(0),
        bytes: Slot::full(Ref::of(bytes)),
    })
    .map(Ref::upcast)
}

/// `iter(bytearray)`
pub fn array_iter(vm: &Vm, this: &Object) -> PyResult {
    let array = receiver::<ByteArray>(vm, this)?;
    let head = Object::new(vm.types.bytearray_iterator.type_head_of());
    place_tracked(
        vm,
        ByteArrayIterator {
            head,
            index: Cell::new(0),
            array: Slot::full(Ref::of(array)),
        },
    )
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let iterator = receiver::<BytesIterator>(vm, this)?;
    let Some(bytes) = iterator.bytes.get() else {
        return Ok(None);
    };
    let index = iterator.index.get();
    match bytes.as_slice().get(index) {
        Some(&byte) => {
            iterator.index.set(index + 1);
            vm.new_int(i64::from(byte)).map(Some)
        }
        None => {
            iterator.bytes.set(None);
            Ok(None)
        }
    }
}

fn array_next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let iterator = receiver::<ByteArrayIterator>(vm, this)?;
    let Some(array) = iterator.array.get() else {
        return Ok(None);
    };
    let index = iterator.index.get();
    match array.data.read(|data| data.get(index).copied()) {
        Some(byte) => {
            iterator.index.set(index + 1);
            vm.new_int(i64::from(byte)).map(Some)
        }
        None => {
            iterator.array.set(None);
            Ok(None)
        }
    }
}

/// What is iterated over, its length and the next index; nothing at the end.
fn state(this: &Object) -> Option<(Ref, usize, usize)> {
    if let Some(iterator) = this.downcast::<BytesIterator>() {
        let bytes = iterator.bytes.get()?;
        let length = bytes.as_slice().len();
        return Some((bytes.upcast(), length, iterator.index.get()));
    }
    let iterator = this.downcast::<ByteArrayIterator>()?;
    let array = iterator.array.get()?;
    let length = array.len();
    Some((array.upcast(), length, iterator.index.get()))
}

fn length_hint(vm: &Vm, this: &Object) -> PyResult {
    vm.new_usize(state(this).map_or(0, |(_, length, index)| length.saturating_sub(index)))
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    match state(this) {
        Some((source, _, index)) => reduce_iter(vm, &[&source], Some(&*vm.new_usize(index)?)),
        None => reduce_iter(vm, &[vm.empty_tuple.as_object()], None),
    }
}

fn setstate(vm: &Vm, this: &Object, value: &Object) -> PyResult {
    let index = protocol::to_i64(vm, value)?.max(0) as usize;
    if let Some((_, length, _)) = state(this) {
        let index = index.min(length);
        if let Some(iterator) = this.downcast::<BytesIterator>() {
            iterator.index.set(index);
        } else if let Some(iterator) = this.downcast::<ByteArrayIterator>() {
            iterator.index.set(index);
        }
    }
    Ok(vm.none_ref())
}
