//! Subscripts, length and membership.

use viv_heap::Object;

use super::{compare_is_or_eq, iter, next, type_name};
use crate::object::{Type, TypeTraits};
use crate::result::PyResult;
use crate::vm::Vm;

/// `container[key]`; a class is asked for its `__class_getitem__`.
pub fn get_item(vm: &Vm, container: &Object, key: &Object) -> PyResult {
    if let Some(slot) = Type::of(container).slots.getitem.get() {
        return slot(vm, container, key);
    }
    if let Some(class) = container.downcast::<Type>() {
        return crate::types::ty::class_getitem(vm, class, key);
    }
    Err(vm.type_error(format!(
        "'{}' object is not subscriptable",
        type_name(container)
    )))
}

/// `container[key] = value`
pub fn set_item(vm: &Vm, container: &Object, key: &Object, value: &Object) -> PyResult<()> {
    match Type::of(container).slots.setitem.get() {
        Some(slot) => slot(vm, container, key, Some(value)),
        None => Err(vm.type_error(format!(
            "'{}' object does not support item assignment",
            type_name(container)
        ))),
    }
}

/// `del container[key]`
pub fn del_item(vm: &Vm, container: &Object, key: &Object) -> PyResult<()> {
    match Type::of(container).slots.setitem.get() {
        Some(slot) => slot(vm, container, key, None),
        None => {
            // The words of the sequence protocol, which takes over for an index.
            let ty = Type::of(container);
            let slots = &ty.slots;
            let is_sequence = ty.has(TypeTraits::HEAP)
                || slots.concat.get().is_some()
                || slots.contains.get().is_some();
            let how = if is_sequence && Type::of(key).slots.index.get().is_some() {
                "doesn't"
            } else {
                "does not"
            };
            Err(vm.type_error(format!(
                "'{}' object {how} support item deletion",
                type_name(container)
            )))
        }
    }
}

/// `len(container)`
pub fn len(vm: &Vm, container: &Object) -> PyResult<usize> {
    match len_opt(vm, container)? {
        Some(n) => Ok(n),
        None => Err(vm.type_error(format!(
            "object of type '{}' has no len()",
            type_name(container)
        ))),
    }
}

/// The length, where the type has one.
pub fn len_opt(vm: &Vm, container: &Object) -> PyResult<Option<usize>> {
    Type::of(container)
        .slots
        .len
        .get()
        .map(|slot| slot(vm, container))
        .transpose()
}

/// `item in container`
pub fn contains(vm: &Vm, container: &Object, item: &Object) -> PyResult<bool> {
    if let Some(slot) = Type::of(container).slots.contains.get() {
        return slot(vm, container, item);
    }
    let ty = Type::of(container);
    if ty.slots.iter.get().is_none() && ty.slots.getitem.get().is_none() {
        return Err(vm.type_error(format!(
            "argument of type '{}' is not a container or iterable",
            type_name(container)
        )));
    }
    let iterator = iter(vm, container)?;
    while let Some(value) = next(vm, &iterator)? {
        if compare_is_or_eq(vm, &value, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}
