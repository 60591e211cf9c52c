//! Iterators that belong to no single type: over `__getitem__`, and over calls until a sentinel comes.

use std::cell::Cell;

use viv_heap::{Object, ObjectLayout, Ref};

use crate::native::{MethodDef, NativeCall};
use crate::object::{CallableIterator, SequenceIterator, Slot};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{place_tracked, receiver, reduce_iter};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `iterator`.
pub static SEQUENCE_SPEC: TypeSpec = TypeSpec {
    name: "iterator",
    slots: |s| {
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(sequence_next));
    },
    methods: &[SEQUENCE_METHODS],
    ..TypeSpec::new(SequenceIterator::layout, true)
};

/// The type `callable_iterator`.
pub static CALLABLE_SPEC: TypeSpec = TypeSpec {
    name: "callable_iterator",
    slots: |s| {
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(callable_next));
    },
    methods: &[CALLABLE_METHODS],
    ..TypeSpec::new(CallableIterator::layout, true)
};

const SEQUENCE_METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__length_hint__",
        "($self, /)",
        NativeCall::NoArgs(length_hint),
        "Private method returning an estimate of len(list(it)).",
    ),
    MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(sequence_reduce),
        "Return state information for pickling.",
    ),
    MethodDef::new(
        "__setstate__",
        "($self, object, /)",
        NativeCall::One(setstate),
        "Set state information for unpickling.",
    ),
];

const CALLABLE_METHODS: &[MethodDef] = &[MethodDef::new(
    "__reduce__",
    "($self, /)",
    NativeCall::NoArgs(callable_reduce),
    "Return state information for pickling.",
)];

/// An iterator over `object[0]`, `object[1]` … until IndexError.
pub fn sequence_iterator(vm: &Vm, object: &Object) -> PyResult {
    let head = Object::new(vm.types.sequence_iterator.type_head_of());
    place_tracked(
        vm,
        SequenceIterator {
            head,
            index: Cell::new(0),
            sequence: Slot::full(object.to_ref()),
        },
    )
}

/// `iter(callable, sentinel)`
pub fn callable_iterator(vm: &Vm, callable: &Object, sentinel: &Object) -> PyResult {
    let head = Object::new(vm.types.callable_iterator.type_head_of());
    place_tracked(
        vm,
        CallableIterator {
            head,
            callable: Slot::full(callable.to_ref()),
            sentinel: Slot::full(sentinel.to_ref()),
        },
    )
}

fn sequence_next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<SequenceIterator>(vm, this)?;
    let Some(sequence) = this.sequence.get() else {
        return Ok(None);
    };
    let index = this.index.get();
    if index == i64::MAX {
        return Err(vm.overflow_error("iter index too large"));
    }
    match protocol::get_item(vm, &sequence, vm.new_int(index)?.as_object()) {
        Ok(item) => {
            this.index.set(index + 1);
            Ok(Some(item))
        }
        Err(raised) => {
            if !vm.raised_is(&raised, &vm.exceptions.StopIteration) {
                vm.swallow::<()>(raised, &vm.exceptions.IndexError)?;
            } else {
                drop(vm.take_raised(raised));
            }
            this.sequence.set(None);
            Ok(None)
        }
    }
}

fn length_hint(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<SequenceIterator>(vm, this)?;
    let Some(sequence) = this.sequence.get() else {
        return vm.new_int(0);
    };
    match protocol::len_opt(vm, &sequence)? {
        Some(len) => vm.new_int((len as i64 - this.index.get()).max(0)),
        None => Ok(vm.not_implemented()),
    }
}

fn sequence_reduce(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<SequenceIterator>(vm, this)?;
    match this.sequence.get() {
        Some(sequence) => reduce_iter(vm, &[&sequence], Some(&*vm.new_int(this.index.get())?)),
        None => reduce_iter(vm, &[vm.empty_tuple.as_object()], None),
    }
}

fn setstate(vm: &Vm, this: &Object, state: &Object) -> PyResult {
    let this = receiver::<SequenceIterator>(vm, this)?;
    let index = protocol::to_i64(vm, state)?;
    if !this.sequence.is_none() {
        this.index.set(index.max(0));
    }
    Ok(vm.none_ref())
}

fn callable_next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<CallableIterator>(vm, this)?;
    let Some(callable) = this.callable.get() else {
        return Ok(None);
    };
    let ended = match protocol::call_no_args(vm, &callable) {
        Ok(value) => match this.sentinel.get() {
            Some(sentinel) => {
                if !protocol::compare_is_or_eq(vm, &sentinel, &value)? {
                    return Ok(Some(value));
                }
                true
            }
            // The call itself has brought the iterator to its end.
            None => true,
        },
        Err(raised) => vm
            .swallow::<()>(raised, &vm.exceptions.StopIteration)?
            .is_none(),
    };
    if ended {
        this.callable.set(None);
        this.sentinel.set(None);
    }
    Ok(None)
}

fn callable_reduce(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<CallableIterator>(vm, this)?;
    match (this.callable.get(), this.sentinel.get()) {
        (Some(callable), Some(sentinel)) => reduce_iter(vm, &[&callable, &sentinel], None),
        _ => reduce_iter(vm, &[vm.empty_tuple.as_object()], None),
    }
}
