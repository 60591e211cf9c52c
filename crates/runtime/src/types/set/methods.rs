//! The methods of set and frozenset.

use viv_heap::{Object, Ref};

use super::operations;
use crate::native::{MethodDef, NativeCall};
use crate::object::set::hash_element;
use crate::object::{Set, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::vm::Vm;

const ANY: usize = usize::MAX;

/// The methods of both.
pub const SHARED: &[MethodDef] = &[
    MethodDef::new(
        "__contains__",
        "($self, object, /)",
        NativeCall::One(contains),
        "x.__contains__(y) <==> y in x.",
    ),
    MethodDef::new(
        "copy",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| operations::copy(vm, receiver(vm, this)?)),
        "Return a shallow copy of a set.",
    ),
    MethodDef::new(
        "difference",
        "($self, /, *others)",
        NativeCall::Positional {
            min: 0,
            max: ANY,
            call: difference,
        },
        "Return a new set with elements in the set that are not in the others.",
    ),
    MethodDef::new(
        "intersection",
        "($self, /, *others)",
        NativeCall::Positional {
            min: 0,
            max: ANY,
            call: intersection,
        },
        "Return a new set with elements common to the set and all others.",
    ),
    MethodDef::new(
        "isdisjoint",
        "($self, other, /)",
        NativeCall::One(isdisjoint),
        "Return True if two sets have a null intersection.",
    ),
    MethodDef::new(
        "issubset",
        "($self, other, /)",
        NativeCall::One(issubset),
        "Report whether another set contains this set.",
    ),
    MethodDef::new(
        "issuperset",
        "($self, other, /)",
        NativeCall::One(issuperset),
        "Report whether this set contains another set.",
    ),
    MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(reduce),
        "Return state information for pickling.",
    ),
    MethodDef::new(
        "__sizeof__",
        "($self, /)",
        NativeCall::NoArgs(sizeof),
        "S.__sizeof__() -> size of S in memory, in bytes.",
    ),
    MethodDef::new(
        "symmetric_difference",
        "($self, other, /)",
        NativeCall::One(symmetric_difference),
        "Return a new set with elements in either the set or other but not both.",
    ),
    MethodDef::new(
        "union",
        "($self, /, *others)",
        NativeCall::Positional {
            min: 0,
            max: ANY,
            call: union,
        },
        "Return a new set with elements from the set and all others.",
    ),
    MethodDef::class(
        "__class_getitem__",
        "($type, object, /)",
        NativeCall::One(crate::types::class_getitem),
        "sets are generic over the type of their elements",
    ),
];

/// The methods of set alone.
pub const CHANGING: &[MethodDef] = &[
    MethodDef::new(
        "add",
        "($self, object, /)",
        NativeCall::One(add),
        "Add an element to a set.\n\nThis has no effect if the element is already present.",
    ),
    MethodDef::new(
        "clear",
        "($self, /)",
        NativeCall::NoArgs(clear),
        "Remove all elements from this set.",
    ),
    MethodDef::new(
        "discard",
        "($self, object, /)",
        NativeCall::One(discard),
        "Remove an element from a set if it is a member.\n\nUnlike set.remove(), the discard() method does not raise\nan exception when an element is missing from the set.",
    ),
    MethodDef::new(
        "difference_update",
        "($self, /, *others)",
        NativeCall::Positional {
            min: 0,
            max: ANY,
            call: difference_update,
        },
        "Update the set, removing elements found in others.",
    ),
    MethodDef::new(
        "intersection_update",
        "($self, /, *others)",
        NativeCall::Positional {
            min: 0,
            max: ANY,
            call: intersection_update,
        },
        "Update the set, keeping only elements found in it and all others.",
    ),
    MethodDef::new(
        "pop",
        "($self, /)",
        NativeCall::NoArgs(pop),
        "Remove and return an arbitrary set element.\n\nRaises KeyError if the set is empty.",
    ),
    MethodDef::new(
        "remove",
        "($self, object, /)",
        NativeCall::One(remove),
        "Remove an element from a set; it must be a member.\n\nIf the element is not a member, raise a KeyError.",
    ),
    MethodDef::new(
        "symmetric_difference_update",
        "($self, other, /)",
        NativeCall::One(symmetric_difference_update),
        "Update the set, keeping only elements found in either set, but not in both.",
    ),
    MethodDef::new(
        "update",
        "($self, /, *others)",
        NativeCall::Positional {
            min: 0,
            max: ANY,
            call: update,
        },
        "Update the set, adding elements from all others.",
    ),
];

/// The hash of an element that is looked for: a set stands for the frozenset of its elements.
fn hash_sought(vm: &Vm, element: &Object) -> PyResult<i64> {
    match hash_element(vm, element) {
        Ok(hash) => Ok(hash),
        Err(raised) => match element.downcast::<Set>().filter(|s| !s.is_frozen()) {
            Some(set) => {
                vm.swallow::<()>(raised, &vm.exceptions.TypeError)?;
                Ok(crate::types::frozenset::hash_of(set))
            }
            None => Err(raised),
        },
    }
}

/// `element in set`
pub fn contains_element(vm: &Vm, set: &Set, element: &Object) -> PyResult<bool> {
    let hash = hash_sought(vm, element)?;
    set.contains_hashed(vm, element, hash)
}

fn contains(vm: &Vm, this: &Object, element: &Object) -> PyResult {
    Ok(vm.bool(contains_element(vm, receiver(vm, this)?, element)?))
}

fn difference(vm: &Vm, this: &Object, others: &[&Object]) -> PyResult {
    let set = receiver::<Set>(vm, this)?;
    let [first, rest @ ..] = others else {
        return operations::copy(vm, set);
    };
    let result = operations::difference(vm, set, first)?;
    for other in rest {
        operations::difference_update(vm, &result, other)?;
    }
    Ok(result.upcast())
}

fn intersection(vm: &Vm, this: &Object, others: &[&Object]) -> PyResult {
    let set = receiver::<Set>(vm, this)?;
    let [first, rest @ ..] = others else {
        return Ok(operations::fresh_copy(vm, set)?.upcast());
    };
    let mut result = operations::intersection(vm, set, first)?;
    for other in rest {
        result = operations::intersection(vm, &result, other)?;
    }
    Ok(result.upcast())
}

fn isdisjoint(vm: &Vm, this: &Object, other: &Object) -> PyResult {
    Ok(vm.bool(operations::is_disjoint(vm, receiver(vm, this)?, other)?))
}

fn issubset(vm: &Vm, this: &Object, other: &Object) -> PyResult {
    let set = receiver::<Set>(vm, this)?;
    Ok(vm.bool(match other.downcast::<Set>() {
        Some(other) => operations::is_subset(vm, set, other)?,
        None => operations::intersection(vm, set, other)?.len() == set.len(),
    }))
}

fn issuperset(vm: &Vm, this: &Object, other: &Object) -> PyResult {
    let set = receiver::<Set>(vm, this)?;
    if let Some(other) = other.downcast::<Set>() {
        return Ok(vm.bool(operations::is_subset(vm, other, set)?));
    }
    let iterator = protocol::iter(vm, other)?;
    while let Some(item) = protocol::next(vm, &iterator)? {
        if !set.contains(vm, &item)? {
            return Ok(vm.bool(false));
        }
    }
    Ok(vm.bool(true))
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let set = receiver::<Set>(vm, this)?;
    let elements = set
        .snapshot()
        .into_iter()
        .map(|(element, _)| element)
        .collect();
    let args = vm.new_tuple(vec![vm.new_list(elements)?.upcast()])?;
    let state = protocol::call_method(vm, this, &vm.names.__getstate__, &[])?;
    Ok(vm
        .new_tuple(vec![Type::of(this).head.to_ref(), args.upcast(), state])?
        .upcast())
}

fn sizeof(vm: &Vm, this: &Object) -> PyResult {
    let set = receiver::<Set>(vm, this)?;
    vm.new_usize(this.own_size() + set.table_bytes())
}

fn symmetric_difference(vm: &Vm, this: &Object, other: &Object) -> PyResult {
    Ok(operations::symmetric_difference(vm, receiver(vm, this)?, other)?.upcast())
}

fn union(vm: &Vm, this: &Object, others: &[&Object]) -> PyResult {
    let set = receiver::<Set>(vm, this)?;
    if others.is_empty() {
        return operations::copy(vm, set);
    }
    let result = operations::fresh_copy(vm, set)?;
    for other in others {
        if !this.is(other) {
            operations::update(vm, &result, other)?;
        }
    }
    Ok(result.upcast())
}

fn add(vm: &Vm, this: &Object, element: &Object) -> PyResult {
    receiver::<Set>(vm, this)?.add(vm, element)?;
    Ok(vm.none_ref())
}

fn clear(vm: &Vm, this: &Object) -> PyResult {
    receiver::<Set>(vm, this)?.clear();
    Ok(vm.none_ref())
}

fn take(vm: &Vm, this: &Object, element: &Object) -> PyResult<bool> {
    let hash = hash_sought(vm, element)?;
    receiver::<Set>(vm, this)?.discard_hashed(vm, element, hash)
}

fn discard(vm: &Vm, this: &Object, element: &Object) -> PyResult {
    take(vm, this, element)?;
    Ok(vm.none_ref())
}

fn remove(vm: &Vm, this: &Object, element: &Object) -> PyResult {
    if take(vm, this, element)? {
        Ok(vm.none_ref())
    } else {
        Err(vm.key_error(element))
    }
}

fn pop(vm: &Vm, this: &Object) -> PyResult {
    match receiver::<Set>(vm, this)?.pop() {
        Some(element) => Ok(element),
        None => Err(vm.key_error(vm.new_str("pop from an empty set")?.as_object())),
    }
}

fn for_others(
    vm: &Vm,
    this: &Object,
    others: &[&Object],
    f: fn(&Vm, &Set, &Object) -> PyResult<()>,
) -> PyResult {
    let set = receiver::<Set>(vm, this)?;
    for other in others {
        f(vm, set, other)?;
    }
    Ok(vm.none_ref())
}

fn difference_update(vm: &Vm, this: &Object, others: &[&Object]) -> PyResult {
    for_others(vm, this, others, operations::difference_update)
}

fn intersection_update(vm: &Vm, this: &Object, others: &[&Object]) -> PyResult {
    let result: Ref = intersection(vm, this, others)?;
    if let Some(result) = result.downcast::<Set>() {
        receiver::<Set>(vm, this)?.swap(result);
    }
    Ok(vm.none_ref())
}

fn symmetric_difference_update(vm: &Vm, this: &Object, other: &Object) -> PyResult {
    operations::symmetric_difference_update(vm, receiver(vm, this)?, other)?;
    Ok(vm.none_ref())
}

fn update(vm: &Vm, this: &Object, others: &[&Object]) -> PyResult {
    for_others(vm, this, others, operations::update)
}
