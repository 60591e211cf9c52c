//! Filling a dict from mappings and from pairs.

use viv_heap::Object;

use crate::object::{Dict, Tuple, Type};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::vm::Vm;

/// `dict.update(from)`: from a mapping (an object with `keys`), else from pairs.
pub fn update_from(vm: &Vm, dict: &Dict, from: &Object) -> PyResult<()> {
    if from.is_exact::<Dict>() || protocol::get_attr_opt(vm, from, &vm.names.keys)?.is_some() {
        merge(vm, dict, from, true)
    } else {
        merge_pairs(vm, dict, from, true)
    }
}

/// Whether the entries of a dict may be read directly: no subclass has changed how it iterates.
pub fn iterates_plainly(vm: &Vm, dict: &Object) -> bool {
    let (own, plain) = (
        Type::of(dict).slots.iter.get(),
        vm.types.dict.slots.iter.get(),
    );
    matches!((own, plain), (Some(a), Some(b)) if std::ptr::fn_addr_eq(a, b))
}

/// Enters the entries of a mapping; existing keys keep their values unless `overwrite`.
pub fn merge(vm: &Vm, dict: &Dict, from: &Object, overwrite: bool) -> PyResult<()> {
    if let Some(other) = from.downcast::<Dict>()
        && iterates_plainly(vm, from)
    {
        if std::ptr::eq(dict, other) {
            return Ok(());
        }
        if dict.take_or_reserve(vm, other)? {
            return Ok(());
        }
        let len = other.len();
        let mut place = 0;
        while place < other.entry_count() {
            if let Some((key, value, hash)) = other.entry_with_hash(place) {
                if overwrite || dict.get_hashed(vm, &key, hash)?.is_none() {
                    dict.set_hashed(vm, &key, hash, value)?;
                }
                if other.len() != len {
                    return Err(vm.runtime_error("dict mutated during update"));
                }
            }
            place += 1;
        }
        return Ok(());
    }
    let keys = protocol::call_method(vm, from, &vm.names.keys, &[])?;
    let keys = protocol::iter(vm, &keys)?;
    while let Some(key) = protocol::next(vm, &keys)? {
        if !overwrite && dict.contains(vm, &key)? {
            continue;
        }
        let value = protocol::get_item(vm, from, &key)?;
        dict.set(vm, &key, &value)?;
    }
    Ok(())
}

/// Enters the pairs of an iterable.
pub fn merge_pairs(vm: &Vm, dict: &Dict, from: &Object, overwrite: bool) -> PyResult<()> {
    let pairs = protocol::iter(vm, from)?;
    let mut number = 0;
    while let Some(pair) = protocol::next(vm, &pairs)? {
        if let Some(pair) = pair.downcast_exact::<Tuple>()
            && let [key, value] = pair.as_slice()
        {
            enter(vm, dict, key, value, overwrite)?;
        } else {
            let parts = match protocol::iter(vm, &pair) {
                Ok(parts) => match protocol::collect(vm, &parts) {
                    Ok(parts) => parts,
                    Err(raised) => return Err(with_note(vm, raised, number)),
                },
                Err(raised) => return Err(not_iterable(vm, raised, number)),
            };
            let [key, value] = parts.as_slice() else {
                return Err(vm.value_error(format!(
                    "dictionary update sequence element #{number} has length {}; 2 is required",
                    parts.len()
                )));
            };
            enter(vm, dict, key, value, overwrite)?;
        }
        number += 1;
    }
    Ok(())
}

fn enter(vm: &Vm, dict: &Dict, key: &Object, value: &Object, overwrite: bool) -> PyResult<()> {
    if !overwrite && dict.contains(vm, key)? {
        Ok(())
    } else {
        dict.set(vm, key, value)
    }
}

/// The TypeError of an element that is no sequence, with a note that tells which one.
#[cold]
fn not_iterable(vm: &Vm, raised: Raised, number: usize) -> Raised {
    match vm.swallow::<()>(raised, &vm.exceptions.TypeError) {
        Err(other) => other,
        Ok(_) => with_note(vm, vm.type_error("object is not iterable"), number),
    }
}

/// The TypeError with a note that tells which element it was; other exceptions as they are.
#[cold]
fn with_note(vm: &Vm, raised: Raised, number: usize) -> Raised {
    if !vm.raised_is(&raised, &vm.exceptions.TypeError) {
        return raised;
    }
    let exception = vm.take_raised(raised);
    let note = format!("Cannot convert dictionary update sequence element #{number} to a sequence");
    let added = vm.intern("add_note").and_then(|name| {
        protocol::call_method(vm, &exception, &name, &[vm.new_str(&note)?.as_object()])
    });
    match added {
        Ok(_) => vm.restore(exception),
        Err(raised) => raised,
    }
}
