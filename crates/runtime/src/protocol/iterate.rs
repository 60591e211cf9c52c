//! Iteration.

use viv_heap::{Object, Ref};

use super::type_name;
use crate::object::{List, ListIterator, Tuple, Type};
use crate::result::PyResult;
use crate::vm::Vm;

/// `iter(object)`: its iterator, or one over its `__getitem__`.
pub fn iter(vm: &Vm, object: &Object) -> PyResult {
    let ty = Type::of(object);
    if let Some(slot) = ty.slots.iter.get() {
        let iterator = slot(vm, object)?;
        if Type::of(&iterator).slots.next.get().is_none() {
            return Err(vm.type_error(format!(
                "iter() returned non-iterator of type '{}'",
                type_name(&iterator)
            )));
        }
        return Ok(iterator);
    }
    // The subscripts of these are no sequences'.
    let keyed = object.downcast::<crate::object::Dict>().is_some()
        || object.downcast::<crate::types::union::Union>().is_some();
    if ty.slots.getitem.get().is_some() && !keyed {
        return crate::types::iterators::sequence_iterator(vm, object);
    }
    Err(vm.type_error(format!("'{}' object is not iterable", type_name(object))))
}

/// The next value of an iterator, nothing at its end. StopIteration raised by a `__next__` counts as the end.
#[inline]
pub fn next(vm: &Vm, iterator: &Object) -> PyResult<Option<Ref>> {
    if let Some(iterator) = iterator.downcast_exact::<ListIterator>() {
        return Ok(iterator.step());
    }
    // Iterators over iterators may be nested to any depth.
    let _depth = vm.enter_native("")?;
    match Type::of(iterator).slots.next.get() {
        Some(slot) => match slot(vm, iterator) {
            Ok(value) => Ok(value),
            Err(raised) => vm.swallow(raised, &vm.exceptions.StopIteration),
        },
        None => Err(vm.type_error(format!(
            "'{}' object is not an iterator",
            type_name(iterator)
        ))),
    }
}

/// Calls `f` for each value of an iterable.
pub fn for_each(
    vm: &Vm,
    iterable: &Object,
    mut f: impl FnMut(Ref) -> PyResult<()>,
) -> PyResult<()> {
    if let Some(tuple) = iterable.downcast_exact::<Tuple>() {
        return tuple.iter().try_for_each(|item| f(item.to_ref()));
    }
    if let Some(list) = iterable.downcast_exact::<List>() {
        let mut i = 0;
        while let Some(item) = list.get(i) {
            f(item)?;
            i += 1;
        }
        return Ok(());
    }
    let iterator = iter(vm, iterable)?;
    while let Some(item) = next(vm, &iterator)? {
        f(item)?;
    }
    Ok(())
}

/// All values of an iterable.
pub fn collect(vm: &Vm, iterable: &Object) -> PyResult<Vec<Ref>> {
    if let Some(tuple) = iterable.downcast_exact::<Tuple>() {
        return Ok(tuple.as_slice().to_vec());
    }
    if let Some(list) = iterable.downcast_exact::<List>() {
        return Ok(list.snapshot());
    }
    let mut items = Vec::with_capacity(length_hint(vm, iterable, 0)?.min(1 << 16));
    for_each(vm, iterable, |item| {
        items.push(item);
        Ok(())
    })?;
    Ok(items)
}

/// All values of an iterable, as a new list.
pub fn collect_list(vm: &Vm, iterable: &Object) -> PyResult<Ref<List>> {
    if let Some(tuple) = iterable.downcast_exact::<Tuple>() {
        return List::of_slices(vm, tuple.as_slice(), &[]);
    }
    if let Some(list) = iterable.downcast_exact::<List>() {
        return list.items.read(|items| List::of_slices(vm, items, &[]));
    }
    vm.new_list(collect(vm, iterable)?)
}

/// All values of an iterable, as an exact tuple: the object itself where it is one.
pub fn collect_tuple(vm: &Vm, iterable: &Object) -> PyResult<Ref<Tuple>> {
    if let Some(tuple) = iterable.downcast_exact::<Tuple>() {
        return Ok(Ref::of(tuple));
    }
    if let Some(list) = iterable.downcast_exact::<List>() {
        return list.items.read(|items| Tuple::of_slices(vm, items, &[]));
    }
    vm.new_tuple(collect(vm, iterable)?)
}

/// `operator.length_hint(object, default)`
pub fn length_hint(vm: &Vm, object: &Object, default: usize) -> PyResult<usize> {
    if let Some(slot) = Type::of(object).slots.len.get() {
        return match slot(vm, object) {
            Ok(n) => Ok(n),
            Err(raised) => Ok(vm
                .swallow::<usize>(raised, &vm.exceptions.TypeError)?
                .unwrap_or(default)),
        };
    }
    let Some(hint) = super::lookup_special(vm, object, &vm.names.__length_hint__)? else {
        return Ok(default);
    };
    let result = match super::call_no_args(vm, &hint) {
        Ok(result) => result,
        Err(raised) => {
            vm.swallow::<()>(raised, &vm.exceptions.TypeError)?;
            return Ok(default);
        }
    };
    if vm.is_not_implemented(&result) {
        return Ok(default);
    }
    let Some(int) = result.downcast::<crate::object::Int>() else {
        return Err(vm.type_error(format!(
            "__length_hint__ must be an integer, not {}",
            type_name(&result)
        )));
    };
    match int.as_i64() {
        Some(n) if n >= 0 => Ok(n as usize),
        _ => Err(vm.value_error("__length_hint__() should return >= 0")),
    }
}
