//! The methods of bytearray that bytes has not.

use viv_heap::Object;

use super::{check_resize, replace_all, splice};
use crate::native::{MethodDef, NativeCall};
use crate::object::ByteArray;
use crate::protocol;
use crate::result::PyResult;
use crate::types::buffer;
use crate::types::bytes::construct::byte;
use crate::types::sequence::{clamp_index, receiver, wrap_index};
use crate::vm::Vm;

/// The methods.
pub const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "append",
        "($self, item, /)",
        NativeCall::One(append),
        "Append a single item to the end of the bytearray.\n\n  item\n    The item to be appended.",
    ),
    MethodDef::new(
        "extend",
        "($self, iterable_of_ints, /)",
        NativeCall::One(extend),
        "Append all the items from the iterator or buffer to the end of the bytearray.\n\n  iterable_of_ints\n    The iterable of items to append.",
    ),
    MethodDef::new(
        "insert",
        "($self, index, item, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: insert,
        },
        "Insert a single item into the bytearray before the given index.\n\n  index\n    The index where the value is to be inserted.\n  item\n    The item to be inserted.",
    ),
    MethodDef::new(
        "pop",
        "($self, index=-1, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: pop,
        },
        "Remove and return a single item from B.\n\n  index\n    The index from where to remove the item.\n    -1 (the default value) means remove the last item.\n\nIf no index argument is given, will pop the last item.",
    ),
    MethodDef::new(
        "remove",
        "($self, value, /)",
        NativeCall::One(remove),
        "Remove the first occurrence of a value in the bytearray.\n\n  value\n    The value to remove.",
    ),
    MethodDef::new(
        "clear",
        "($self, /)",
        NativeCall::NoArgs(clear),
        "Remove all items from the bytearray.",
    ),
    MethodDef::new(
        "copy",
        "($self, /)",
        NativeCall::NoArgs(copy),
        "Return a copy of B.",
    ),
    MethodDef::new(
        "reverse",
        "($self, /)",
        NativeCall::NoArgs(reverse),
        "Reverse the order of the values in B in place.",
    ),
    MethodDef::new(
        "resize",
        "($self, size, /)",
        NativeCall::One(resize),
        "Resize the internal buffer of bytearray to len.\n\n  size\n    New size to resize to.",
    ),
    MethodDef::new(
        "__alloc__",
        "($self, /)",
        NativeCall::NoArgs(alloc),
        "B.__alloc__() -> int\n\nReturn the number of bytes actually allocated.",
    ),
    MethodDef::new(
        "__sizeof__",
        "($self, /)",
        NativeCall::NoArgs(sizeof),
        "Returns the size of the bytearray object in memory, in bytes.",
    ),
    MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(reduce),
        "Return state information for pickling.",
    ),
];

fn append(vm: &Vm, this: &Object, item: &Object) -> PyResult {
    let array = receiver::<ByteArray>(vm, this)?;
    let byte = byte(vm, item, "byte")?;
    splice(vm, array, array.len(), array.len(), &[byte])?;
    Ok(vm.none_ref())
}

fn extend(vm: &Vm, this: &Object, iterable: &Object) -> PyResult {
    let array = receiver::<ByteArray>(vm, this)?;
    let end = array.len();
    let more = match buffer::copy_bytes(vm, iterable)? {
        Some(bytes) => {
            // A `__buffer__` may have changed the array.
            let end = end.min(array.len());
            splice(vm, array, end, end, &bytes)?;
            return Ok(vm.none_ref());
        }
        None => {
            let given = protocol::type_name(iterable);
            if iterable.downcast::<crate::object::Str>().is_some() {
                return Err(vm.type_error(format!("expected iterable of integers; got: '{given}'")));
            }
            let ty = crate::object::Type::of(iterable);
            if ty.slots.iter.get().is_none() && ty.slots.getitem.get().is_none() {
                return Err(vm.type_error(format!("can't extend bytearray with {given}")));
            }
            let hint = protocol::length_hint(vm, iterable, 32)?;
            let mut bytes = Vec::with_capacity(hint.min(1 << 16));
            protocol::for_each(vm, iterable, |item| {
                bytes.push(byte(vm, &item, "byte")?);
                Ok(())
            })?;
            bytes
        }
    };
    splice(vm, array, array.len(), array.len(), &more)?;
    Ok(vm.none_ref())
}

fn insert(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let [index, item] = args else {
        return Err(vm.system_error("insert: bad arguments"));
    };
    let array = receiver::<ByteArray>(vm, this)?;
    let index = protocol::to_i64(vm, index)?;
    let byte = byte(vm, item, "byte")?;
    let at = clamp_index(index, array.len());
    splice(vm, array, at, at, &[byte])?;
    Ok(vm.none_ref())
}

fn pop(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let array = receiver::<ByteArray>(vm, this)?;
    let index = args.first().map_or(Ok(-1), |i| protocol::to_i64(vm, i))?;
    if array.is_empty() {
        return Err(vm.index_error("pop from empty bytearray"));
    }
    let found = wrap_index(index, array.len())
        .and_then(|i| Some((i, array.data.read(|data| data.get(i).copied())?)));
    let Some((at, byte)) = found else {
        return Err(vm.index_error("pop index out of range"));
    };
    splice(vm, array, at, at + 1, &[])?;
    vm.new_int(i64::from(byte))
}

fn remove(vm: &Vm, this: &Object, value: &Object) -> PyResult {
    let array = receiver::<ByteArray>(vm, this)?;
    let byte = byte(vm, value, "byte")?;
    match array.data.read(|data| data.iter().position(|b| *b == byte)) {
        Some(at) => splice(vm, array, at, at + 1, &[])?,
        None => return Err(vm.value_error("value not found in bytearray")),
    }
    Ok(vm.none_ref())
}

fn clear(vm: &Vm, this: &Object) -> PyResult {
    let array = receiver::<ByteArray>(vm, this)?;
    check_resize(vm, array)?;
    replace_all(vm, array, &[])?;
    array.data.write(|data| data.shrink_to_fit());
    Ok(vm.none_ref())
}

fn copy(vm: &Vm, this: &Object) -> PyResult {
    let bytes = receiver::<ByteArray>(vm, this)?.to_vec();
    Ok(ByteArray::place(vm, &vm.types.bytearray, &bytes)?.upcast())
}

fn reverse(vm: &Vm, this: &Object) -> PyResult {
    receiver::<ByteArray>(vm, this)?
        .data
        .write(|data| data.reverse());
    Ok(vm.none_ref())
}

fn resize(vm: &Vm, this: &Object, size: &Object) -> PyResult {
    let array = receiver::<ByteArray>(vm, this)?;
    let size = protocol::to_i64(vm, size)?;
    let Ok(new) = usize::try_from(size) else {
        return Err(vm.value_error(format!("Can only resize to positive sizes, got {size}")));
    };
    let len = array.len();
    if new != len {
        check_resize(vm, array)?;
    }
    let done = array.data.write(|data| {
        if new > len && data.try_reserve(new - len).is_err() {
            return false;
        }
        data.resize(new, 0);
        true
    });
    if done {
        Ok(vm.none_ref())
    } else {
        Err(vm.no_memory())
    }
}

fn alloc(vm: &Vm, this: &Object) -> PyResult {
    vm.new_usize(
        receiver::<ByteArray>(vm, this)?
            .data
            .read(|data| data.capacity()),
    )
}

fn sizeof(vm: &Vm, this: &Object) -> PyResult {
    let array = receiver::<ByteArray>(vm, this)?;
    vm.new_usize(this.own_size() + array.data.read(|data| data.capacity()))
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let bytes = receiver::<ByteArray>(vm, this)?.to_vec();
    let args = if bytes.is_empty() {
        vm.empty_tuple.clone()
    } else {
        let text = crate::types::codec::single::decode_latin1(vm, &bytes)?;
        vm.new_tuple(vec![text.upcast(), vm.new_str("latin-1")?.upcast()])?
    };
    Ok(vm
        .new_tuple(vec![
            crate::object::Type::of(this).head.to_ref(),
            args.upcast(),
            protocol::call_method(vm, this, &*vm.intern("__getstate__")?, &[])?,
        ])?
        .upcast())
}
