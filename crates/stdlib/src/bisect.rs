//! The module `_bisect`: binary search in sorted sequences.

use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::object::List;
use viv_runtime::protocol;
use viv_runtime::{CompareOp, MethodDef, NativeCall, Object, PyResult, Vm};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_bisect",
    doc: "Bisection algorithms.\n\nThis module provides support for maintaining a list in sorted order without\nhaving to sort the list after each insertion. For long lists of items with\nexpensive comparison operations, this can be an improvement over the more\ncommon approach.\n",
    functions: &[FUNCTIONS],
    fill: |_, _| Ok(()),
};

const SIGNATURE: &str = "($module, /, a, x, lo=0, hi=None, *, key=None)";

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "bisect_right",
        SIGNATURE,
        NativeCall::Bound(bisect_right),
        "Return the index where to insert item x in list a, assuming a is sorted.\n\nThe return value i is such that all e in a[:i] have e <= x, and all e in\na[i:] have e > x.  So if x already appears in the list, a.insert(i, x) will\ninsert just after the rightmost x already there.\n\nOptional args lo (default 0) and hi (default len(a)) bound the\nslice of a to be searched.\n\nA custom key function can be supplied to customize the sort order.",
    ),
    MethodDef::new(
        "bisect_left",
        SIGNATURE,
        NativeCall::Bound(bisect_left),
        "Return the index where to insert item x in list a, assuming a is sorted.\n\nThe return value i is such that all e in a[:i] have e < x, and all e in\na[i:] have e >= x.  So if x already appears in the list, a.insert(i, x) will\ninsert just before the leftmost x already there.\n\nOptional args lo (default 0) and hi (default len(a)) bound the\nslice of a to be searched.\n\nA custom key function can be supplied to customize the sort order.",
    ),
    MethodDef::new(
        "insort_right",
        SIGNATURE,
        NativeCall::Bound(insort_right),
        "Insert item x in list a, and keep it sorted assuming a is sorted.\n\nIf x is already in a, insert it to the right of the rightmost x.\n\nOptional args lo (default 0) and hi (default len(a)) bound the\nslice of a to be searched.\n\nA custom key function can be supplied to customize the sort order.",
    ),
    MethodDef::new(
        "insort_left",
        SIGNATURE,
        NativeCall::Bound(insort_left),
        "Insert item x in list a, and keep it sorted assuming a is sorted.\n\nIf x is already in a, insert it to the left of the leftmost x.\n\nOptional args lo (default 0) and hi (default len(a)) bound the\nslice of a to be searched.\n\nA custom key function can be supplied to customize the sort order.",
    ),
];

/// The index where `x` goes; `right` puts it behind its equals.
fn search(vm: &Vm, args: &[Option<&Object>], x: &Object, right: bool) -> PyResult<i64> {
    let [Some(sequence), _, lo, hi, key] = args else {
        return Ok(0);
    };
    let mut low = lo.map_or(Ok(0), |lo| protocol::to_i64(vm, lo))?;
    if low < 0 {
        return Err(vm.value_error("lo must be non-negative"));
    }
    let mut high = match hi.filter(|hi| !vm.is_none(hi)) {
        Some(hi) => protocol::to_i64(vm, hi)?,
        None => -1,
    };
    if high == -1 {
        high = protocol::len(vm, sequence)? as i64;
    }
    let key = key.filter(|k| !vm.is_none(k));
    while low < high {
        let middle = low + (high - low) / 2;
        let mut item = protocol::get_item(vm, sequence, vm.new_int(middle)?.as_object())?;
        if let Some(key) = key {
            item = protocol::call_one(vm, key, &item)?;
        }
        let before = if right {
            !protocol::compare_bool(vm, x, &item, CompareOp::Lt)?
        } else {
            protocol::compare_bool(vm, &item, x, CompareOp::Lt)?
        };
        if before {
            low = middle + 1
        } else {
            high = middle
        }
    }
    Ok(low)
}

fn bisect(vm: &Vm, args: &[Option<&Object>], right: bool) -> PyResult {
    let Some(x) = args.get(1).copied().flatten() else {
        return Ok(vm.none_ref());
    };
    vm.new_int(search(vm, args, x, right)?)
}

fn insort(vm: &Vm, args: &[Option<&Object>], right: bool) -> PyResult {
    let [Some(sequence), Some(x), _, _, key] = args else {
        return Ok(vm.none_ref());
    };
    let index = match key.filter(|k| !vm.is_none(k)) {
        Some(key) => {
            let sought = protocol::call_one(vm, key, x)?;
            search(vm, args, &sought, right)?
        }
        None => search(vm, args, x, right)?,
    };
    if let Some(list) = sequence.downcast_exact::<List>() {
        list.insert(vm, index as usize, x.to_ref())?;
    } else {
        let insert = vm.intern("insert")?;
        protocol::call_method(vm, sequence, &insert, &[vm.new_int(index)?.as_object(), x])?;
    }
    Ok(vm.none_ref())
}

fn bisect_right(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    bisect(vm, args, true)
}

fn bisect_left(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    bisect(vm, args, false)
}

fn insort_right(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    insort(vm, args, true)
}

fn insort_left(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    insort(vm, args, false)
}
