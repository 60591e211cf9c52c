//! The operations of sets, which follow CPython's choices of what is gone through and what is looked up, because the
//! order of the result depends on them.

use viv_heap::{Object, Ref};

use crate::object::set::{Outside, hash_element};
use crate::object::{Dict, Set, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// An empty set or frozenset, as the operand is one or the other; never of a subclass.
fn new_like(vm: &Vm, set: &Set) -> PyResult<Ref<Set>> {
    Set::place(
        vm,
        if set.is_frozen() {
            &vm.types.frozenset
        } else {
            &vm.types.set
        },
    )
}

/// A new set or frozenset with the same elements.
pub fn fresh_copy(vm: &Vm, set: &Set) -> PyResult<Ref<Set>> {
    let copy = new_like(vm, set)?;
    copy.merge(vm, set)?;
    Ok(copy)
}

/// `set.copy()`; an exact frozenset is its own copy.
pub fn copy(vm: &Vm, set: &Set) -> PyResult {
    if Type::of(set).is(&vm.types.frozenset) {
        return Ok(set.to_ref());
    }
    Ok(fresh_copy(vm, set)?.upcast())
}

/// Adds the elements of an iterable.
pub fn update(vm: &Vm, set: &Set, other: &Object) -> PyResult<()> {
    if let Some(other) = other.downcast::<Set>() {
        return set.merge(vm, other);
    }
    if let Some(dict) = other.downcast_exact::<Dict>() {
        set.prepare_merge(vm, dict.len())?;
        let mut place = 0;
        while place < dict.entry_count() {
            if let Some((key, _, hash)) = dict.entry_with_hash(place) {
                set.add_hashed(vm, &key, hash)?;
            }
            place += 1;
        }
        return Ok(());
    }
    protocol::for_each(vm, other, |item| set.add(vm, &item))
}

/// `set & other`
pub fn intersection(vm: &Vm, set: &Set, other: &Object) -> PyResult<Ref<Set>> {
    if set.is(other) {
        return fresh_copy(vm, set);
    }
    let result = new_like(vm, set)?;
    if let Some(other) = other.downcast::<Set>() {
        let (looked_up, gone_through) = if other.len() > set.len() {
            (other, set)
        } else {
            (set, other)
        };
        let mut at = 0;
        while let Some((i, key, hash)) = gone_through.next_element(at) {
            if looked_up.contains_hashed(vm, &key, hash)? {
                result.add_hashed(vm, &key, hash)?;
            }
            at = i + 1;
        }
        return Ok(result);
    }
    protocol::for_each(vm, other, |item| {
        let hash = hash_element(vm, &item)?;
        if set.contains_hashed(vm, &item, hash)? {
            result.add_hashed(vm, &item, hash)
        } else {
            Ok(())
        }
    })?;
    Ok(result)
}

/// `set &= other`, for any iterable.
pub fn intersection_update(vm: &Vm, set: &Set, other: &Object) -> PyResult<()> {
    let result = intersection(vm, set, other)?;
    set.swap(&result);
    Ok(())
}

/// `set - other`, for any iterable.
pub fn difference(vm: &Vm, set: &Set, other: &Object) -> PyResult<Ref<Set>> {
    let (as_set, as_dict) = (other.downcast::<Set>(), other.downcast_exact::<Dict>());
    let size = as_set.map(Set::len).or(as_dict.map(Dict::len));
    if size.is_none_or(|size| set.len() >> 2 > size) {
        let result = fresh_copy(vm, set)?;
        difference_update(vm, &result, other)?;
        return Ok(result);
    }
    let result = new_like(vm, set)?;
    let mut at = 0;
    while let Some((i, key, hash)) = set.next_element(at) {
        let there = match (as_set, as_dict) {
            (Some(other), _) => other.contains_hashed(vm, &key, hash)?,
            (_, Some(dict)) => dict.get_hashed(vm, &key, hash)?.is_some(),
            _ => false,
        };
        if !there {
            // The elements of a set are different, and nobody else has the result.
            result.add_absent(vm, key, hash)?;
        }
        at = i + 1;
    }
    Ok(result)
}

/// `set -= other`, for any iterable.
pub fn difference_update(vm: &Vm, set: &Set, other: &Object) -> PyResult<()> {
    if set.is(other) {
        set.clear();
        return Ok(());
    }
    if let Some(other) = other.downcast::<Set>() {
        let common = if other.len() >> 3 > set.len() {
            Some(intersection(vm, set, &other.head)?)
        } else {
            None
        };
        let other = common.as_deref().unwrap_or(other);
        let mut at = 0;
        while let Some((i, key, hash)) = other.next_element(at) {
            set.discard_hashed(vm, &key, hash)?;
            at = i + 1;
        }
    } else {
        protocol::for_each(vm, other, |item| {
            let hash = hash_element(vm, &item)?;
            set.discard_hashed(vm, &item, hash).map(drop)
        })?;
    }
    set.squeeze(vm)
}

/// `set ^= other`, for any iterable.
pub fn symmetric_difference_update(vm: &Vm, set: &Set, other: &Object) -> PyResult<()> {
    if set.is(other) {
        set.clear();
        return Ok(());
    }
    let toggle = |key: &Object, hash: i64| -> PyResult<()> {
        if set.discard_hashed(vm, key, hash)? {
            Ok(())
        } else {
            set.add_hashed(vm, key, hash)
        }
    };
    if let Some(dict) = other.downcast_exact::<Dict>() {
        let mut place = 0;
        while place < dict.entry_count() {
            if let Some((key, _, hash)) = dict.entry_with_hash(place) {
                toggle(&key, hash)?;
            }
            place += 1;
        }
        return Ok(());
    }
    let made;
    let other = match other.downcast::<Set>() {
        Some(other) => other,
        None => {
            made = new_like(vm, set)?;
            update(vm, &made, other)?;
            &*made
        }
    };
    let mut at = 0;
    while let Some((i, key, hash)) = other.next_element(at) {
        toggle(&key, hash)?;
        at = i + 1;
    }
    Ok(())
}

/// `set ^ other`, for any iterable.
pub fn symmetric_difference(vm: &Vm, set: &Set, other: &Object) -> PyResult<Ref<Set>> {
    let result = new_like(vm, set)?;
    update(vm, &result, other)?;
    symmetric_difference_update(vm, &result, &set.head)?;
    Ok(result)
}

/// Whether all elements of one set are in another.
pub fn is_subset(vm: &Vm, set: &Set, other: &Set) -> PyResult<bool> {
    if set.len() > other.len() {
        return Ok(false);
    }
    let mut at = 0;
    while let Some((i, outside)) = set.first_outside(other, at) {
        if outside == Outside::Absent {
            return Ok(false);
        }
        let Some((i, key, hash)) = set.next_element(i) else {
            break;
        };
        if !other.contains_hashed(vm, &key, hash)? {
            return Ok(false);
        }
        at = i + 1;
    }
    Ok(true)
}

/// Whether a set and an iterable have no element in common.
pub fn is_disjoint(vm: &Vm, set: &Set, other: &Object) -> PyResult<bool> {
    if set.is(other) {
        return Ok(set.is_empty());
    }
    if let Some(other) = other.downcast::<Set>() {
        let (looked_up, gone_through) = if other.len() > set.len() {
            (other, set)
        } else {
            (set, other)
        };
        let mut at = 0;
        while let Some((i, key, hash)) = gone_through.next_element(at) {
            if looked_up.contains_hashed(vm, &key, hash)? {
                return Ok(false);
            }
            at = i + 1;
        }
        return Ok(true);
    }
    let iterator = protocol::iter(vm, other)?;
    while let Some(item) = protocol::next(vm, &iterator)? {
        if set.contains(vm, &item)? {
            return Ok(false);
        }
    }
    Ok(true)
}
