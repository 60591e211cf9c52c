//! Assignment to slices of a list, and their deletion.

use viv_heap::{HVec, HeapAlloc, Object, Ref};

use crate::object::List;
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::RawSlice;
use crate::vm::Vm;

/// `list[slice]`: a new list.
pub fn get(vm: &Vm, list: &List, raw: RawSlice) -> PyResult<Ref<List>> {
    let indices = raw.adjust(list.len());
    if indices.step == 1 {
        let start = indices.start as usize;
        return list.items.read(|all| {
            let part = all.get(start..start + indices.len).unwrap_or_default();
            List::of_slices(vm, part, &[])
        });
    }
    let mut items = HVec::new_in(HeapAlloc);
    if items.try_reserve_exact(indices.len).is_err() {
        return Err(vm.no_memory());
    }
    list.items.read(|all| {
        if indices.step == -1 && indices.len != 0 {
            let start = indices.start as usize;
            if let Some(part) = all.get(start + 1 - indices.len..=start) {
                items.extend_from_slice(part);
                items.reverse();
            }
        } else {
            items.extend(indices.iter().filter_map(|i| all.get(i).cloned()));
        }
    });
    List::place_items(vm, &vm.types.list, items)
}

/// The values to be assigned; TypeError where the object cannot be iterated.
fn values(vm: &Vm, value: &Object) -> PyResult<Vec<Ref>> {
    if let Some(list) = value.downcast::<List>() {
        return Ok(list.snapshot());
    }
    match protocol::iter(vm, value) {
        Ok(iterator) => protocol::collect(vm, &iterator),
        Err(raised) => {
            vm.swallow::<()>(raised, &vm.exceptions.TypeError)?;
            Err(vm.type_error("must assign iterable to extended slice"))
        }
    }
}

/// `list[slice] = value`
pub fn assign(vm: &Vm, list: &List, raw: RawSlice, value: &Object) -> PyResult<()> {
    let mut new = values(vm, value)?;
    // The iteration may have changed the list: the bounds are fitted only now.
    let indices = raw.adjust(list.len());
    if indices.step == 1 {
        let start = indices.start as usize;
        return replace(
            vm,
            list,
            start,
            indices.stop.max(indices.start) as usize,
            new,
        );
    }
    if new.len() != indices.len {
        return Err(vm.value_error(format!(
            "attempt to assign sequence of size {} to extended slice of size {}",
            new.len(),
            indices.len
        )));
    }
    list.items.write(|items| {
        for (i, item) in indices.iter().zip(&mut new) {
            if let Some(place) = items.get_mut(i) {
                std::mem::swap(place, item);
            }
        }
    });
    // `new` holds the old items now; they go from the first to the last, as on CPython.
    drop(new);
    Ok(())
}

/// `list[slice] = value` for a list that its owner gives up afterwards, and that has just as many items: the two exchange
/// their items, and the old ones are released with that list, from the last to the first. Tells whether it was done.
pub fn exchange(list: &List, raw: RawSlice, value: &List) -> bool {
    if value.raw_count() != 1 || std::ptr::eq(list, value) {
        return false;
    }
    let indices = raw.adjust(list.len());
    let start = indices.start as usize;
    list.items.write(|places| {
        value
            .items
            .write(|new| match places.get_mut(start..start + indices.len) {
                Some(places) if indices.step == 1 && places.len() == new.len() => {
                    places.swap_with_slice(new);
                    true
                }
                _ => false,
            })
    })
}

/// Puts `new` in the place of `start..stop`; the old items are released afterwards, from the last to the first.
pub fn replace(vm: &Vm, list: &List, start: usize, stop: usize, mut new: Vec<Ref>) -> PyResult<()> {
    let exchanged = list.items.write(|items| match items.get_mut(start..stop) {
        Some(places) if places.len() == new.len() => {
            places.swap_with_slice(&mut new);
            true
        }
        _ => false,
    });
    if exchanged {
        new.into_iter().rev().for_each(drop);
        return Ok(());
    }
    let result = list.items.write(|items| {
        let (start, stop) = (
            start.min(items.len()),
            stop.min(items.len()).max(start.min(items.len())),
        );
        let removed = stop - start;
        if new.len() > removed && !super::reserve(items, new.len() - removed) {
            return Err(new);
        }
        Ok(items.splice(start..stop, new).collect::<Vec<Ref>>())
    });
    match result {
        Ok(old) => {
            old.into_iter().rev().for_each(drop);
            super::methods::give_back(list);
            Ok(())
        }
        Err(new) => {
            drop(new);
            Err(vm.no_memory())
        }
    }
}

/// `del list[slice]`
pub fn delete(vm: &Vm, list: &List, raw: RawSlice) -> PyResult<()> {
    let indices = raw.adjust(list.len());
    if indices.step == 1 {
        return replace(
            vm,
            list,
            indices.start as usize,
            indices.stop.max(indices.start) as usize,
            Vec::new(),
        );
    }
    let mut doomed: Vec<usize> = indices.iter().collect();
    if indices.step < 0 {
        doomed.reverse();
    }
    let old = list.items.write(|items| {
        let mut old = Vec::with_capacity(doomed.len());
        let mut next = doomed.iter().copied().peekable();
        let mut i = 0;
        items.retain(|item| {
            let gone = next.next_if_eq(&i).is_some();
            if gone {
                // The clone keeps the item alive until the list is whole again.
                old.push(item.clone());
            }
            i += 1;
            !gone
        });
        old
    });
    drop(old);
    super::methods::give_back(list);
    Ok(())
}
