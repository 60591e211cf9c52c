//! Iterators over lists, forward and in reverse.

use std::cell::Cell;

use viv_heap::{Object, ObjectLayout, Ref};

use crate::native::{MethodDef, NativeCall};
use crate::object::{List, ListIterator, ListReverseIterator, Slot};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{builtin_function, place_tracked, receiver, reduce_call};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `list_iterator`.
pub static ITERATOR_SPEC: TypeSpec = TypeSpec {
    name: "list_iterator",
    slots: |s| {
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next));
    },
    methods: &[ITERATOR_METHODS],
    ..TypeSpec::new(ListIterator::layout, true)
};

/// The type `list_reverseiterator`.
pub static REVERSE_ITERATOR_SPEC: TypeSpec = TypeSpec {
    name: "list_reverseiterator",
    slots: |s| {
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(reverse_next));
    },
    methods: &[REVERSE_METHODS],
    ..TypeSpec::new(ListReverseIterator::layout, true)
};

const ITERATOR_METHODS: &[MethodDef] = &[
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

const REVERSE_METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__length_hint__",
        "($self, /)",
        NativeCall::NoArgs(reverse_length_hint),
        "Private method returning an estimate of len(list(it)).",
    ),
    MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(reverse_reduce),
        "Return state information for pickling.",
    ),
    MethodDef::new(
        "__setstate__",
        "($self, object, /)",
        NativeCall::One(reverse_setstate),
        "Set state information for unpickling.",
    ),
];

/// `iter(list)`
pub fn iter(vm: &Vm, this: &Object) -> PyResult {
    let list = receiver::<List>(vm, this)?;
    let head = Object::new(vm.types.list_iterator.type_head_of());
    place_tracked(
        vm,
        ListIterator {
            head,
            index: Cell::new(0),
            list: Slot::full(Ref::of(list)),
        },
    )
}

/// `list.__reversed__()`
pub fn reversed(vm: &Vm, this: &Object) -> PyResult {
    let list = receiver::<List>(vm, this)?;
    let head = Object::new(vm.types.list_reverse_iterator.type_head_of());
    place_tracked(
        vm,
        ListReverseIterator {
            head,
            index: Cell::new(list.len() as i64 - 1),
            list: Slot::full(Ref::of(list)),
        },
    )
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    Ok(receiver::<ListIterator>(vm, this)?.step())
}

fn length_hint(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<ListIterator>(vm, this)?;
    vm.new_usize(
        this.list
            .get()
            .map_or(0, |list| list.len().saturating_sub(this.index.get())),
    )
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<ListIterator>(vm, this)?;
    let iter = builtin_function(vm, "iter")?;
    match this.list.get() {
        Some(list) => reduce_call(vm, &iter, &[&list], Some(&*vm.new_usize(this.index.get())?)),
        None => reduce_call(vm, &iter, &[vm.new_list(Vec::new())?.as_object()], None),
    }
}

fn setstate(vm: &Vm, this: &Object, state: &Object) -> PyResult {
    let this = receiver::<ListIterator>(vm, this)?;
    let index = protocol::to_i64(vm, state)?;
    if let Some(list) = this.list.get() {
        this.index.set((index.max(0) as usize).min(list.len()));
    }
    Ok(vm.none_ref())
}

fn reverse_next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<ListReverseIterator>(vm, this)?;
    let Some(list) = this.list.get() else {
        return Ok(None);
    };
    let index = this.index.get();
    if let Ok(i) = usize::try_from(index)
        && let Some(item) = list.get(i)
    {
        this.index.set(index - 1);
        return Ok(Some(item));
    }
    this.index.set(-1);
    this.list.set(None);
    Ok(None)
}

fn reverse_length_hint(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<ListReverseIterator>(vm, this)?;
    let len = this.index.get() + 1;
    vm.new_int(
        if this.list.get().is_some_and(|list| list.len() as i64 >= len) {
            len
        } else {
            0
        },
    )
}

fn reverse_reduce(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<ListReverseIterator>(vm, this)?;
    match this.list.get() {
        Some(list) => {
            let reversed = builtin_function(vm, "reversed")?;
            reduce_call(
                vm,
                &reversed,
                &[&list],
                Some(&*vm.new_int(this.index.get())?),
            )
        }
        None => {
            let iter = builtin_function(vm, "iter")?;
            reduce_call(vm, &iter, &[vm.new_list(Vec::new())?.as_object()], None)
        }
    }
}

fn reverse_setstate(vm: &Vm, this: &Object, state: &Object) -> PyResult {
    let this = receiver::<ListReverseIterator>(vm, this)?;
    let index = protocol::to_i64(vm, state)?;
    if let Some(list) = this.list.get() {
        this.index.set(index.clamp(-1, list.len() as i64 - 1));
    }
    Ok(vm.none_ref())
}
