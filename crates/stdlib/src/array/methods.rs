//! The methods of arrays.

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{List, Str, Type};
use viv_runtime::types::buffer;
use viv_runtime::types::sequence::{clamp_index, receiver, wrap_index};
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Ref, Vm, protocol};

use super::Array;

type Call = NativeCall;

/// The methods.
pub const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "append",
        "($self, v, /)",
        Call::One(append),
        "Append new value v to the end of the array.",
    ),
    MethodDef::new(
        "buffer_info",
        "($self, /)",
        Call::NoArgs(buffer_info),
        "Return a tuple (address, length) giving the current memory address and the length in items of the buffer used to hold array's contents.\n\nThe length should be multiplied by the itemsize attribute to\ncalculate the buffer length in bytes.",
    ),
    MethodDef::new(
        "byteswap",
        "($self, /)",
        Call::NoArgs(|vm, this| {
            swap(receiver(vm, this)?);
            Ok(vm.none_ref())
        }),
        "Byteswap all items of the array.\n\nIf the items in the array are not 1, 2, 4, or 8 bytes in size,\nRuntimeError is raised.",
    ),
    MethodDef::new(
        "clear",
        "($self, /)",
        Call::NoArgs(|vm, this| {
            let array = receiver::<Array>(vm, this)?;
            array.splice(vm, 0, array.len(), &[])?;
            Ok(vm.none_ref())
        }),
        "Remove all items from the array.",
    ),
    MethodDef::new(
        "count",
        "($self, v, /)",
        Call::One(count),
        "Return number of occurrences of v in the array.",
    ),
    MethodDef::new(
        "extend",
        "($self, bb, /)",
        Call::One(|vm, this, other| {
            extend_with(vm, receiver(vm, this)?, other)?;
            Ok(vm.none_ref())
        }),
        "Append items to the end of the array.",
    ),
    MethodDef::new(
        "frombytes",
        "($self, buffer, /)",
        Call::One(|vm, this, source| {
            let Some(bytes) = buffer::copy_bytes(vm, source)? else {
                return Err(buffer::not_bytes_like(vm, source));
            };
            append_bytes(vm, receiver(vm, this)?, &bytes)?;
            Ok(vm.none_ref())
        }),
        "Appends items from the string, interpreting it as an array of machine values, as if it had been read from a file using the fromfile() method.",
    ),
    MethodDef::new(
        "fromfile",
        "($self, f, n, /)",
        Call::Positional {
            min: 2,
            max: 2,
            call: fromfile,
        },
        "Read n objects from the file object f and append them to the end of the array.",
    ),
    MethodDef::new(
        "fromlist",
        "($self, list, /)",
        Call::One(fromlist),
        "Append items to array from list.",
    ),
    MethodDef::new(
        "fromunicode",
        "($self, ustr, /)",
        Call::One(fromunicode),
        "Extends this array with data from the unicode string ustr.\n\nThe array must be a unicode type array; otherwise a ValueError is\nraised.  Use array.frombytes(ustr.encode(...)) to append Unicode\ndata to an array of some other type.",
    ),
    MethodDef::new(
        "index",
        "($self, v, start=0, stop=sys.maxsize, /)",
        Call::Positional {
            min: 1,
            max: 3,
            call: index,
        },
        "Return index of first occurrence of v in the array.\n\nRaise ValueError if the value is not present.",
    ),
    MethodDef::new(
        "insert",
        "($self, i, v, /)",
        Call::Positional {
            min: 2,
            max: 2,
            call: insert,
        },
        "Insert a new item v into the array before position i.",
    ),
    MethodDef::new(
        "pop",
        "($self, i=-1, /)",
        Call::Positional {
            min: 0,
            max: 1,
            call: pop,
        },
        "Return the i-th element and delete it from the array.\n\ni defaults to -1.",
    ),
    MethodDef::new(
        "remove",
        "($self, v, /)",
        Call::One(remove),
        "Remove the first occurrence of v in the array.",
    ),
    MethodDef::new(
        "reverse",
        "($self, /)",
        Call::NoArgs(reverse),
        "Reverse the order of the items in the array.",
    ),
    MethodDef::new(
        "tobytes",
        "($self, /)",
        Call::NoArgs(tobytes),
        "Convert the array to an array of machine values and return the bytes representation.",
    ),
    MethodDef::new(
        "tofile",
        "($self, f, /)",
        Call::One(|vm, this, file| {
            let write = vm.intern("write")?;
            // In blocks, so that a large array needs no second copy of itself.
            for block in receiver::<Array>(vm, this)?.to_vec().chunks(64 * 1024) {
                protocol::call_method(vm, file, &write, &[vm.new_bytes(block)?.as_object()])?;
            }
            Ok(vm.none_ref())
        }),
        "Write all items (as machine values) to the file object f.",
    ),
    MethodDef::new(
        "tolist",
        "($self, /)",
        Call::NoArgs(|vm, this| list(vm, receiver(vm, this)?)),
        "Convert array to an ordinary list with the same items.",
    ),
    MethodDef::new(
        "tounicode",
        "($self, /)",
        Call::NoArgs(tounicode),
        "Extends this array with data from the unicode string ustr.\n\nConvert the array to a unicode string.  The array must be a unicode\ntype array; otherwise a ValueError is raised.  Use\narray.tobytes().decode() to obtain a unicode string from an array of\nsome other type.",
    ),
    MethodDef::new(
        "__copy__",
        "($self, /)",
        Call::NoArgs(copy),
        "Return a copy of the array.",
    ),
    MethodDef::new(
        "__deepcopy__",
        "($self, unused, /)",
        Call::One(|vm, this, _| copy(vm, this)),
        "Return a copy of the array.",
    ),
    MethodDef::new(
        "__reduce_ex__",
        "($self, value, /)",
        Call::One(reduce_ex),
        "Return state information for pickling.",
    ),
    MethodDef::new(
        "__sizeof__",
        "($self, /)",
        Call::NoArgs(|vm, this| vm.new_usize(64 + receiver::<Array>(vm, this)?.room().0)),
        "Size of the array in memory, in bytes.",
    ),
    MethodDef::class(
        "__class_getitem__",
        "($type, object, /)",
        Call::One(viv_runtime::types::generic_alias::class_getitem),
        "Arrays are generic over the type of their elements",
    ),
];

/// The computed attributes.
pub const GETSET: &[GetSetDef] = &[
    GetSetDef::get(
        "typecode",
        |vm, this| {
            let letter = receiver::<Array>(vm, this)?.code.letter();
            Ok(vm.new_char(u32::from(letter))?.upcast())
        },
        "the typecode character used to create the array",
    ),
    GetSetDef::get(
        "itemsize",
        |vm, this| vm.new_usize(receiver::<Array>(vm, this)?.code.size()),
        "the size, in bytes, of one array item",
    ),
];

/// The items as a list.
pub fn list(vm: &Vm, array: &Array) -> PyResult {
    let mut items = Vec::with_capacity(array.len());
    while let Some(item) = array.get(vm, items.len())? {
        items.push(item);
    }
    Ok(vm.new_list(items)?.upcast())
}

/// The characters as a string.
pub fn text(vm: &Vm, array: &Array) -> PyResult {
    let bytes = array.to_vec();
    let points: Vec<u32> = bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|c| u32::from_le_bytes(*c))
        .collect();
    if let Some(wrong) = points.iter().find(|point| **point > 0x10_ffff) {
        return Err(vm.value_error(format!(
            "character U+{wrong:x} is not in range [U+0000; U+10ffff]"
        )));
    }
    Ok(vm.new_str_points(&points)?.upcast())
}

/// Exchanges the order of the bytes of every item.
pub fn swap(array: &Array) {
    let size = array.code.size();
    array.change(|data| data.chunks_exact_mut(size).for_each(<[u8]>::reverse));
}

/// Adds items from their bytes.
///
/// # Errors
/// ValueError for a part of an item.
pub fn append_bytes(vm: &Vm, array: &Array, bytes: &[u8]) -> PyResult<()> {
    if !bytes.len().is_multiple_of(array.code.size()) {
        return Err(vm.value_error("bytes length not a multiple of item size"));
    }
    array.append(vm, bytes)
}

fn push(vm: &Vm, array: &Array, value: &Object) -> PyResult<()> {
    let raw = array.code.store(vm, value)?;
    array.append(vm, raw.get(..array.code.size()).unwrap_or_default())
}

/// Adds the items of an array of the same kind, or of an iterable.
///
/// # Errors
/// TypeError for an array of another kind; whatever the iterable raises.
pub fn extend_with(vm: &Vm, array: &Array, other: &Object) -> PyResult<()> {
    if let Some(other) = other.downcast::<Array>() {
        if other.code != array.code {
            return Err(vm.type_error("can only extend with array of same kind"));
        }
        return array.append(vm, &other.to_vec());
    }
    extend_from(vm, array, other)
}

/// Adds the items of an iterable, arrays of another kind included.
///
/// # Errors
/// Whatever the iterable raises; what the array cannot hold.
pub fn extend_from(vm: &Vm, array: &Array, other: &Object) -> PyResult<()> {
    let iterator = protocol::iter(vm, other)?;
    while let Some(item) = protocol::next(vm, &iterator)? {
        push(vm, array, &item)?;
    }
    Ok(())
}

fn append(vm: &Vm, this: &Object, value: &Object) -> PyResult {
    push(vm, receiver(vm, this)?, value)?;
    Ok(vm.none_ref())
}

fn buffer_info(vm: &Vm, this: &Object) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    let parts = vec![vm.new_usize(array.room().1)?, vm.new_usize(array.len())?];
    Ok(vm.new_tuple(parts)?.upcast())
}

/// The index of the first item from `start` on that equals a value.
fn find(
    vm: &Vm,
    array: &Array,
    value: &Object,
    start: usize,
    stop: usize,
) -> PyResult<Option<usize>> {
    let mut i = start;
    while i < stop
        && let Some(item) = array.get(vm, i)?
    {
        if protocol::compare_eq(vm, &item, value)? {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}

/// `value in array`
pub fn contains(vm: &Vm, this: &Object, value: &Object) -> PyResult<bool> {
    Ok(find(vm, receiver(vm, this)?, value, 0, usize::MAX)?.is_some())
}

fn count(vm: &Vm, this: &Object, value: &Object) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    let (mut found, mut from) = (0, 0);
    while let Some(at) = find(vm, array, value, from, usize::MAX)? {
        found += 1;
        from = at + 1;
    }
    vm.new_int(found)
}

fn index(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    let bound = |i: usize, default: usize| match args.get(i) {
        Some(bound) => Ok(clamp_index(
            protocol::to_isize_clamped(vm, bound)?,
            array.len(),
        )),
        None => Ok(default),
    };
    let (start, stop) = (bound(1, 0)?, bound(2, usize::MAX)?);
    let value = args.first().copied().unwrap_or(this);
    match find(vm, array, value, start, stop)? {
        Some(at) => vm.new_usize(at),
        None => Err(vm.value_error("array.index(x): x not in array")),
    }
}

fn remove(vm: &Vm, this: &Object, value: &Object) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    match find(vm, array, value, 0, usize::MAX)? {
        Some(at) if at < array.len() => {
            array.splice(vm, at, at + 1, &[])?;
            Ok(vm.none_ref())
        }
        _ => Err(vm.value_error("array.remove(x): x not in array")),
    }
}

fn fromfile(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    let &[file, count] = args else {
        return Ok(vm.none_ref());
    };
    let count = protocol::to_i64(vm, count)?;
    if count < 0 {
        return Err(vm.value_error("negative count"));
    }
    let Some(size) = (count as usize).checked_mul(array.code.size()) else {
        return Err(vm.no_memory());
    };
    let read = vm.intern("read")?;
    let data = protocol::call_method(vm, file, &read, &[vm.new_usize(size)?.as_object()])?;
    let Some(data) = data.downcast::<viv_runtime::object::Bytes>() else {
        return Err(vm.type_error("read() didn't return bytes"));
    };
    append_bytes(vm, array, data.as_slice())?;
    if data.as_slice().len() != size {
        return Err(vm.raise(&vm.exceptions.EOFError, "read() didn't return enough bytes"));
    }
    Ok(vm.none_ref())
}

fn fromlist(vm: &Vm, this: &Object, source: &Object) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    let Some(list) = source.downcast::<List>() else {
        return Err(vm.type_error("arg must be list"));
    };
    let (size, count) = (array.code.size(), list.len());
    let mut bytes = Vec::new();
    for i in 0..count {
        let Some(item) = list.get(i) else { break };
        let raw = array.code.store(vm, &item)?;
        bytes.extend_from_slice(raw.get(..size).unwrap_or_default());
        if list.len() != count {
            return Err(vm.runtime_error("list changed size during iteration"));
        }
    }
    array.append(vm, &bytes)?;
    Ok(vm.none_ref())
}

fn fromunicode(vm: &Vm, this: &Object, source: &Object) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    let Some(text) = source.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "fromunicode() argument must be str, not {}",
            protocol::type_name(source)
        )));
    };
    if !array.code.is_text() {
        return Err(
            vm.value_error("fromunicode() may only be called on unicode type arrays ('u' or 'w')")
        );
    }
    let bytes: Vec<u8> = text.chars().flat_map(u32::to_le_bytes).collect();
    array.append(vm, &bytes)?;
    Ok(vm.none_ref())
}

fn tounicode(vm: &Vm, this: &Object) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    if !array.code.is_text() {
        return Err(
            vm.value_error("tounicode() may only be called on unicode type arrays ('u' or 'w')")
        );
    }
    text(vm, array)
}

fn insert(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    let &[place, value] = args else {
        return Ok(vm.none_ref());
    };
    let place = protocol::to_i64(vm, place)?;
    let raw = array.code.store(vm, value)?;
    let at = clamp_index(place, array.len());
    array.splice(vm, at, at, raw.get(..array.code.size()).unwrap_or_default())?;
    Ok(vm.none_ref())
}

fn pop(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    let place = args.first().map_or(Ok(-1), |i| protocol::to_i64(vm, i))?;
    if array.is_empty() {
        return Err(vm.index_error("pop from empty array"));
    }
    let out_of_range = || vm.index_error("pop index out of range");
    let at = wrap_index(place, array.len()).ok_or_else(out_of_range)?;
    let item = array.get(vm, at)?.ok_or_else(out_of_range)?;
    array.splice(vm, at, at + 1, &[])?;
    Ok(item)
}

fn reverse(vm: &Vm, this: &Object) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    // All bytes in reverse, then those of each item once more.
    array.change(<[u8]>::reverse);
    swap(array);
    Ok(vm.none_ref())
}

fn tobytes(vm: &Vm, this: &Object) -> PyResult {
    Ok(vm
        .new_bytes(&receiver::<Array>(vm, this)?.to_vec())?
        .upcast())
}

fn copy(vm: &Vm, this: &Object) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    array.like(vm, &array.to_vec())
}

fn reduce_ex(vm: &Vm, this: &Object, version: &Object) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    let version = protocol::to_i64(vm, version)?;
    let dict = protocol::get_attr_opt(vm, this, &vm.names.__dict__)?;
    let state = dict.unwrap_or_else(|| vm.none_ref());
    let class = Ref::of(Type::of(this)).upcast();
    let letter = vm.new_char(u32::from(array.code.letter()))?.upcast();
    let (callable, args) = if version < 3 {
        let items = if array.code.is_text() {
            text(vm, array)?
        } else {
            list(vm, array)?
        };
        (class, vec![letter, items])
    } else {
        let module = viv_runtime::modules::import::import_name(vm, "array")?;
        let function = protocol::get_attr_str(vm, &module, "_array_reconstructor")?;
        let format = vm.new_int(array.code.machine_format())?;
        (function, vec![class, letter, format, tobytes(vm, this)?])
    };
    let args = vm.new_tuple(args)?.upcast();
    Ok(vm.new_tuple(vec![callable, args, state])?.upcast())
}
