//! The iterator over the items of a view.

use std::cell::Cell;

use viv_heap::{Object, ObjectLayout, Ref};

use super::{base, item_of};
use crate::object::{MemoryIterator, MemoryView, Slot, TypeTraits};
use crate::result::PyResult;
use crate::types::sequence::{place_tracked, receiver};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `memory_iterator`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "memory_iterator",
    traits: TypeTraits::NO_NEW,
    slots: |s| {
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next));
    },
    ..TypeSpec::new(MemoryIterator::layout, true)
};

/// `iter(view)`
pub fn iter(vm: &Vm, this: &Object) -> PyResult {
    let view = receiver::<MemoryView>(vm, this)?;
    base(vm, view)?;
    match view.shape.len() {
        0 => return Err(vm.type_error("invalid indexing of 0-dim memory")),
        1 => {}
        _ => {
            return Err(vm.not_implemented_error("multi-dimensional sub-views are not implemented"));
        }
    }
    let head = Object::new(vm.types.memory_iterator.type_head_of());
    place_tracked(
        vm,
        MemoryIterator {
            head,
            index: Cell::new(0),
            view: Slot::full(Ref::of(view)),
        },
    )
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let iterator = receiver::<MemoryIterator>(vm, this)?;
    let Some(view) = iterator.view.get() else {
        return Ok(None);
    };
    let index = iterator.index.get();
    let item = item_of(vm, &view, index)?;
    match item {
        Some(_) => iterator.index.set(index + 1),
        None => iterator.view.set(None),
    }
    Ok(item)
}
