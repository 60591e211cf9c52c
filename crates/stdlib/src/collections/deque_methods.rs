//! The methods of deque.

use viv_runtime::native::GetSetDef;
use viv_runtime::object::Type;
use viv_runtime::protocol;
use viv_runtime::types::list::methods::bound_index;
use viv_runtime::types::sequence::{clamp_index, receiver};
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Vm};

use super::deque::{self, Deque};
use super::deque_iterator;

/// The methods.
pub const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "append",
        "($self, item, /)",
        NativeCall::One(append),
        "Add an element to the right side of the deque.",
    ),
    MethodDef::new(
        "appendleft",
        "($self, item, /)",
        NativeCall::One(appendleft),
        "Add an element to the left side of the deque.",
    ),
    MethodDef::new(
        "clear",
        "($self, /)",
        NativeCall::NoArgs(clear),
        "Remove all elements from the deque.",
    ),
    MethodDef::new(
        "copy",
        "($self, /)",
        NativeCall::NoArgs(copy),
        "Return a shallow copy of a deque.",
    ),
    MethodDef::new(
        "__copy__",
        "($self, /)",
        NativeCall::NoArgs(copy),
        "Return a shallow copy of a deque.",
    ),
    MethodDef::new(
        "count",
        "($self, value, /)",
        NativeCall::One(count),
        "Return number of occurrences of value.",
    ),
    MethodDef::new(
        "extend",
        "($self, iterable, /)",
        NativeCall::One(extend),
        "Extend the right side of the deque with elements from the iterable.",
    ),
    MethodDef::new(
        "extendleft",
        "($self, iterable, /)",
        NativeCall::One(extendleft),
        "Extend the left side of the deque with elements from the iterable.",
    ),
    MethodDef::new(
        "index",
        "($self, value, [start, [stop]])",
        NativeCall::Positional {
            min: 1,
            max: 3,
            call: index,
        },
        "Return first index of value.\n\nRaises ValueError if the value is not present.",
    ),
    MethodDef::new(
        "insert",
        "($self, index, value, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: insert,
        },
        "Insert value before index.",
    ),
    MethodDef::new(
        "pop",
        "($self, /)",
        NativeCall::NoArgs(pop),
        "Remove and return the rightmost element.",
    ),
    MethodDef::new(
        "popleft",
        "($self, /)",
        NativeCall::NoArgs(popleft),
        "Remove and return the leftmost element.",
    ),
    MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(reduce),
        "Return state information for pickling.",
    ),
    MethodDef::new(
        "remove",
        "($self, value, /)",
        NativeCall::One(remove),
        "Remove first occurrence of value.",
    ),
    MethodDef::new(
        "__reversed__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| deque_iterator::new(vm, receiver(vm, this)?, true)),
        "Return a reverse iterator over the deque.",
    ),
    MethodDef::new(
        "reverse",
        "($self, /)",
        NativeCall::NoArgs(reverse),
        "Reverse *IN PLACE*.",
    ),
    MethodDef::new(
        "rotate",
        "($self, n=1, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: rotate,
        },
        "Rotate the deque n steps to the right.  If n is negative, rotates left.",
    ),
    MethodDef::new(
        "__sizeof__",
        "($self, /)",
        NativeCall::NoArgs(sizeof),
        "Return the size of the deque in memory, in bytes.",
    ),
    MethodDef::class(
        "__class_getitem__",
        "($type, object, /)",
        NativeCall::One(viv_runtime::types::class_getitem),
        "deques are generic over the type of their contents",
    ),
];

/// The computed attributes.
pub const ATTRIBUTES: &[GetSetDef] = &[GetSetDef::get(
    "maxlen",
    maxlen,
    "maximum size of a deque or None if unbounded",
)];

fn maxlen(vm: &Vm, this: &Object) -> PyResult {
    match receiver::<Deque>(vm, this)?.maxlen.get() {
        n if n < 0 => Ok(vm.none_ref()),
        n => vm.new_int(n),
    }
}

fn append(vm: &Vm, this: &Object, item: &Object) -> PyResult {
    receiver::<Deque>(vm, this)?.push(vm, item.to_ref())?;
    Ok(vm.none_ref())
}

fn appendleft(vm: &Vm, this: &Object, item: &Object) -> PyResult {
    receiver::<Deque>(vm, this)?.push_left(vm, item.to_ref())?;
    Ok(vm.none_ref())
}

fn clear(vm: &Vm, this: &Object) -> PyResult {
    receiver::<Deque>(vm, this)?.clear();
    Ok(vm.none_ref())
}

fn copy(vm: &Vm, this: &Object) -> PyResult {
    deque::copy(vm, receiver(vm, this)?)
}

fn count(vm: &Vm, this: &Object, value: &Object) -> PyResult {
    let deque = receiver::<Deque>(vm, this)?;
    let state = deque.state.get();
    let (mut i, mut n) = (0, 0);
    while let Some(item) = deque.get(i) {
        if protocol::compare::compare_is_or_eq(vm, &item, value)? {
            n += 1;
        }
        if deque.state.get() != state {
            return Err(vm.runtime_error("deque mutated during iteration"));
        }
        i += 1;
    }
    vm.new_int(n)
}

fn extend(vm: &Vm, this: &Object, iterable: &Object) -> PyResult {
    deque::extend(vm, receiver(vm, this)?, iterable)?;
    Ok(vm.none_ref())
}

fn extendleft(vm: &Vm, this: &Object, iterable: &Object) -> PyResult {
    let deque = receiver::<Deque>(vm, this)?;
    if this.is(iterable) {
        deque
            .snapshot()
            .into_iter()
            .try_for_each(|item| deque.push_left(vm, item))?;
    } else {
        protocol::for_each(vm, iterable, |item| deque.push_left(vm, item))?;
    }
    Ok(vm.none_ref())
}

fn index(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let deque = receiver::<Deque>(vm, this)?;
    let bound = |n: usize, default: i64| args.get(n).map_or(Ok(default), |b| bound_index(vm, b));
    let (start, stop) = (
        clamp_index(bound(1, 0)?, deque.len()),
        clamp_index(bound(2, i64::MAX)?, deque.len()),
    );
    let Some(value) = args.first() else {
        return Ok(vm.none_ref());
    };
    let state = deque.state.get();
    for i in start..stop {
        let Some(item) = deque.get(i) else { break };
        if protocol::compare::compare_is_or_eq(vm, &item, value)? {
            return vm.new_usize(i);
        }
        if deque.state.get() != state {
            return Err(vm.runtime_error("deque mutated during iteration"));
        }
    }
    Err(vm.value_error("deque.index(x): x not in deque"))
}

fn insert(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let deque = receiver::<Deque>(vm, this)?;
    let [index, value] = args else {
        return Ok(vm.none_ref());
    };
    let index = protocol::to_i64(vm, index)?;
    let len = deque.len() as i64;
    if deque.maxlen.get() == len {
        return Err(vm.index_error("deque already at its maximum size"));
    }
    let value = value.to_ref();
    if index >= len {
        deque.push(vm, value)?;
    } else if index <= -len || index == 0 {
        deque.push_left(vm, value)?;
    } else {
        let steps = if index < 0 { index + len } else { index };
        deque.rotate(-steps);
        deque.push_left(vm, value)?;
        deque.rotate(steps);
    }
    Ok(vm.none_ref())
}

fn pop(vm: &Vm, this: &Object) -> PyResult {
    receiver::<Deque>(vm, this)?
        .pop()
        .ok_or_else(|| vm.index_error("pop from an empty deque"))
}

fn popleft(vm: &Vm, this: &Object) -> PyResult {
    receiver::<Deque>(vm, this)?
        .pop_left()
        .ok_or_else(|| vm.index_error("pop from an empty deque"))
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let deque = receiver::<Deque>(vm, this)?;
    let args = match deque.maxlen.get() {
        n if n < 0 => vm.empty_tuple.clone(),
        n => vm.new_tuple(vec![vm.empty_tuple.clone().upcast(), vm.new_int(n)?])?,
    };
    let state = protocol::call_method(vm, this, &vm.names.__getstate__, &[])?;
    let items = protocol::iter(vm, this)?;
    Ok(vm
        .new_tuple(vec![
            Type::of(this).head.to_ref(),
            args.upcast(),
            state,
            items,
        ])?
        .upcast())
}

fn remove(vm: &Vm, this: &Object, value: &Object) -> PyResult {
    let deque = receiver::<Deque>(vm, this)?;
    let state = deque.state.get();
    let mut i = 0;
    while let Some(item) = deque.get(i) {
        let equal = protocol::compare::compare_is_or_eq(vm, &item, value)?;
        if deque.state.get() != state {
            return Err(vm.index_error("deque mutated during remove()."));
        }
        if equal {
            drop(deque.remove(i));
            return Ok(vm.none_ref());
        }
        i += 1;
    }
    Err(vm.value_error("deque.remove(x): x not in deque"))
}

fn reverse(vm: &Vm, this: &Object) -> PyResult {
    receiver::<Deque>(vm, this)?.reverse();
    Ok(vm.none_ref())
}

fn rotate(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let n = args.first().map_or(Ok(1), |n| protocol::to_i64(vm, n))?;
    receiver::<Deque>(vm, this)?.rotate(n);
    Ok(vm.none_ref())
}

fn sizeof(vm: &Vm, this: &Object) -> PyResult {
    let deque = receiver::<Deque>(vm, this)?;
    vm.new_usize(this.own_size() + deque.ring_bytes())
}
