//! The methods of list.

use viv_heap::Object;

use super::{extend, iterator, slice, sort};
use crate::native::{MethodDef, NativeCall};
use crate::object::List;
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{clamp_index, receiver, wrap_index};
use crate::vm::Vm;

/// The methods.
pub const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__reversed__",
        "($self, /)",
        NativeCall::NoArgs(iterator::reversed),
        "Return a reverse iterator over the list.",
    ),
    MethodDef::new(
        "__sizeof__",
        "($self, /)",
        NativeCall::NoArgs(sizeof),
        "Return the size of the list in memory, in bytes.",
    ),
    MethodDef::new(
        "clear",
        "($self, /)",
        NativeCall::NoArgs(clear),
        "Remove all items from list.",
    ),
    MethodDef::new(
        "copy",
        "($self, /)",
        NativeCall::NoArgs(copy),
        "Return a shallow copy of the list.",
    ),
    MethodDef::new(
        "append",
        "($self, object, /)",
        NativeCall::One(append),
        "Append object to the end of the list.",
    ),
    MethodDef::new(
        "insert",
        "($self, index, object, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: insert,
        },
        "Insert object before index.",
    ),
    MethodDef::new(
        "extend",
        "($self, iterable, /)",
        NativeCall::One(extend_method),
        "Extend list by appending elements from the iterable.",
    ),
    MethodDef::new(
        "pop",
        "($self, index=-1, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: pop,
        },
        "Remove and return item at index (default last).\n\nRaises IndexError if list is empty or index is out of range.",
    ),
    MethodDef::new(
        "remove",
        "($self, value, /)",
        NativeCall::One(remove),
        "Remove first occurrence of value.\n\nRaises ValueError if the value is not present.",
    ),
    MethodDef::new(
        "index",
        "($self, value, start=0, stop=sys.maxsize, /)",
        NativeCall::Positional {
            min: 1,
            max: 3,
            call: index,
        },
        "Return first index of value.\n\nRaises ValueError if the value is not present.",
    ),
    MethodDef::new(
        "count",
        "($self, value, /)",
        NativeCall::One(count),
        "Return number of occurrences of value.",
    ),
    MethodDef::new(
        "reverse",
        "($self, /)",
        NativeCall::NoArgs(reverse),
        "Reverse *IN PLACE*.",
    ),
    MethodDef::new(
        "sort",
        "($self, /, *, key=None, reverse=False)",
        NativeCall::Raw(sort::sort),
        "Sort the list in ascending order and return None.\n\nThe sort is in-place (i.e. the list itself is modified) and stable (i.e. the\norder of two equal elements is maintained).\n\nIf a key function is given, apply it once to each list item and sort them,\nascending or descending, according to their function values.\n\nThe reverse flag can be set to sort in descending order.",
    ),
    MethodDef::new(
        "__getitem__",
        "($self, index, /)",
        NativeCall::One(super::getitem),
        "Return self[index].",
    ),
    MethodDef::class(
        "__class_getitem__",
        "($type, object, /)",
        NativeCall::One(crate::types::class_getitem),
        "See PEP 585",
    ),
];

fn sizeof(vm: &Vm, this: &Object) -> PyResult {
    let list = receiver::<List>(vm, this)?;
    let own = this.own_size();
    vm.new_usize(own + list.items.read(|items| items.capacity()) * size_of::<usize>())
}

/// Takes all items away and releases them from the last to the first.
pub fn clear_items(list: &List) {
    if list.head.flags() & sort::SORTING != 0 {
        while let Some(item) = list.items.write(|items| items.pop()) {
            drop(item);
        }
        return;
    }
    let mut items = list.take_all();
    while let Some(item) = items.pop() {
        drop(item);
    }
}

/// Gives memory back where the list needs less than half of what it has.
#[inline]
pub fn give_back(list: &List) {
    list.items.write(|items| {
        let len = items.len();
        if len < items.capacity() / 2 && list.head.flags() & sort::SORTING == 0 {
            items.shrink_to(if len == 0 {
                0
            } else {
                (len + (len >> 3) + 6) & !3
            });
        }
    });
}

fn clear(vm: &Vm, this: &Object) -> PyResult {
    clear_items(receiver(vm, this)?);
    Ok(vm.none_ref())
}

fn copy(vm: &Vm, this: &Object) -> PyResult {
    let list = receiver::<List>(vm, this)?;
    let copy = list.items.read(|items| List::of_slices(vm, items, &[]))?;
    Ok(copy.upcast())
}

fn append(vm: &Vm, this: &Object, item: &Object) -> PyResult {
    receiver::<List>(vm, this)?.push(vm, item.to_ref())?;
    Ok(vm.none_ref())
}

fn insert(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let list = receiver::<List>(vm, this)?;
    let [index, item] = args else {
        return Ok(vm.none_ref());
    };
    let index = protocol::to_i64(vm, index)?;
    list.insert(vm, clamp_index(index, list.len()), item.to_ref())?;
    Ok(vm.none_ref())
}

fn extend_method(vm: &Vm, this: &Object, iterable: &Object) -> PyResult {
    extend(vm, receiver(vm, this)?, iterable)?;
    Ok(vm.none_ref())
}

fn pop(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let list = receiver::<List>(vm, this)?;
    let index = match args {
        [index] => protocol::to_i64(vm, index)?,
        _ => -1,
    };
    if list.is_empty() {
        return Err(vm.index_error("pop from empty list"));
    }
    let item = if index == -1 {
        list.pop()
    } else {
        wrap_index(index, list.len()).and_then(|i| list.remove(i))
    };
    give_back(list);
    item.ok_or_else(|| vm.index_error("pop index out of range"))
}

fn remove(vm: &Vm, this: &Object, value: &Object) -> PyResult {
    let list = receiver::<List>(vm, this)?;
    let mut i = 0;
    while let Some(item) = list.get(i) {
        if protocol::compare_is_or_eq(vm, &item, value)? {
            slice::replace(vm, list, i, i + 1, Vec::new())?;
            return Ok(vm.none_ref());
        }
        i += 1;
    }
    Err(vm.value_error("list.remove(x): x not in list"))
}

fn index(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let list = receiver::<List>(vm, this)?;
    let bound = |n: usize, default: i64| args.get(n).map_or(Ok(default), |b| bound_index(vm, b));
    let start = clamp_index(bound(1, 0)?, list.len());
    let stop = bound(2, i64::MAX)?;
    let stop = if stop < 0 {
        clamp_index(stop, list.len())
    } else {
        stop as usize
    };
    let Some(value) = args.first() else {
        return Ok(vm.none_ref());
    };
    let mut i = start;
    while i < stop
        && let Some(item) = list.get(i)
    {
        if protocol::compare_is_or_eq(vm, &item, value)? {
            return vm.new_usize(i);
        }
        i += 1;
    }
    Err(vm.value_error("list.index(x): x not in list"))
}

/// A bound of `index(value, start, stop)`: any size, None not allowed.
pub fn bound_index(vm: &Vm, bound: &Object) -> PyResult<i64> {
    if crate::object::Type::of(bound).slots.index.get().is_none() {
        return Err(vm.type_error("slice indices must be integers or have an __index__ method"));
    }
    protocol::to_isize_clamped(vm, bound)
}

fn count(vm: &Vm, this: &Object, value: &Object) -> PyResult {
    let list = receiver::<List>(vm, this)?;
    let (mut i, mut n) = (0, 0);
    while let Some(item) = list.get(i) {
        if protocol::compare_is_or_eq(vm, &item, value)? {
            n += 1;
        }
        i += 1;
    }
    vm.new_int(n)
}

fn reverse(vm: &Vm, this: &Object) -> PyResult {
    receiver::<List>(vm, this)?
        .items
        .write(|items| items.reverse());
    Ok(vm.none_ref())
}
