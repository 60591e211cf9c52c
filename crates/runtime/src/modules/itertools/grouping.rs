//! `groupby` and its groups.
//!
//! A group is alive as long as its number is the one that the `groupby` hands out now; an older one is at its end.

use std::cell::Cell;

use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use super::{bind, iterator_type};
use crate::args::Args;
use crate::object::{Slot, Type, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{place_tracked, receiver};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// `groupby`
#[repr(C)]
pub struct GroupBy {
    /// The header.
    pub head: Object,
    iterator: Ref,
    /// The key function, or None.
    key: Ref,
    /// The key of the group that was handed out last.
    target: Slot,
    current_key: Slot,
    current_value: Slot,
    /// Number of the group that is alive; 0 for none.
    group: Cell<u64>,
    last_group: Cell<u64>,
}
object_layout!(
    GroupBy = kinds::GROUPBY,
    traverse | this,
    visit | {
        visit.visit(&this.iterator);
        visit.visit(&this.key);
        this.target.visit(visit);
        this.current_key.visit(visit);
        this.current_value.visit(visit);
    }
);

iterator_type!(
    GROUPBY_SPEC,
    GroupBy,
    "groupby",
    "(iterable, key=None)",
    "make an iterator that returns consecutive keys and groups from the iterable\n\n  iterable\n    Elements to divide into groups according to the key function.\n  key\n    A function for computing the group category for each element.\n    If the key function is not specified or is None, the element itself\n    is used for grouping.",
    new_groupby,
    next_groupby
);

/// `_grouper`
#[repr(C)]
pub struct Grouper {
    /// The header.
    pub head: Object,
    parent: Ref<GroupBy>,
    target: Ref,
    group: u64,
}
object_layout!(
    Grouper = kinds::GROUPER,
    traverse | this,
    visit | {
        visit.visit(this.parent.as_object());
        visit.visit(&this.target);
    }
);

/// The type `itertools._grouper`.
pub static GROUPER_SPEC: TypeSpec = TypeSpec {
    name: "_grouper",
    module: "itertools",
    slots: |s| {
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next_grouper));
    },
    ..TypeSpec::new(Grouper::layout, true)
};

fn new_groupby(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let bound = bind(vm, "groupby", "(iterable, key=None)", args)?;
    let [Some(iterable), key] = bound.as_slice() else {
        return Ok(vm.none_ref());
    };
    let iterator = protocol::iter(vm, iterable)?;
    place_tracked(
        vm,
        GroupBy {
            head: Object::new(ty.type_head_of()),
            iterator,
            key: key.map_or_else(|| vm.none_ref(), |k| k.to_ref()),
            target: Slot::default(),
            current_key: Slot::default(),
            current_value: Slot::default(),
            group: Cell::new(0),
            last_group: Cell::new(0),
        },
    )
}

/// Takes the next item and its key; false at the end.
fn step(vm: &Vm, this: &GroupBy) -> PyResult<bool> {
    let Some(value) = protocol::next(vm, &this.iterator)? else {
        return Ok(false);
    };
    let key = if vm.is_none(&this.key) {
        value.clone()
    } else {
        protocol::call_one(vm, &this.key, &value)?
    };
    this.current_value.set(Some(value));
    this.current_key.set(Some(key));
    Ok(true)
}

fn next_groupby(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<GroupBy>(vm, this)?;
    this.group.set(0);
    // Passes over the rest of the group that was handed out before.
    let key = loop {
        match (this.current_key.get(), this.target.get()) {
            (Some(key), None) => break key,
            (Some(key), Some(target)) if !protocol::compare_is_or_eq(vm, &target, &key)? => {
                break key;
            }
            _ => {}
        }
        if !step(vm, this)? {
            return Ok(None);
        }
    };
    this.target.set(Some(key.clone()));
    let number = this.last_group.get() + 1;
    this.last_group.set(number);
    this.group.set(number);
    let head = Object::new(vm.types.grouper.type_head_of());
    let grouper = place_tracked(
        vm,
        Grouper {
            head,
            parent: Ref::of(this),
            target: key.clone(),
            group: number,
        },
    )?;
    Ok(Some(vm.new_tuple(vec![key, grouper])?.upcast()))
}

fn next_grouper(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<Grouper>(vm, this)?;
    let parent = &*this.parent;
    if parent.group.get() != this.group {
        return Ok(None);
    }
    if parent.current_value.is_none() && !step(vm, parent)? {
        return Ok(None);
    }
    let Some(key) = parent.current_key.get() else {
        return Ok(None);
    };
    if !protocol::compare_is_or_eq(vm, &this.target, &key)? {
        return Ok(None);
    }
    Ok(parent.current_value.take())
}
