//! The builtin type `bytearray`. What it shares with bytes is in [`super::bytes`].
//!
//! **Invariant.** While a view is exported the size does not change; every function that changes it asks first.

pub mod methods;

use viv_bytecode::BinaryOp;
use viv_heap::{Object, ObjectLayout};

use crate::args::Args;
use crate::object::{ByteArray, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::types::buffer::{self, BufferInfo, BufferProcs};
use crate::types::bytes;
use crate::types::bytes::construct::{self, byte};
use crate::types::sequence::{Indices, Subscript, receiver, subscript, wrap_index};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

static BUFFER: BufferProcs = BufferProcs {
    info: |this| BufferInfo {
        format: "B".to_owned(),
        itemsize: 1,
        len: this.downcast::<ByteArray>().map_or(0, ByteArray::len),
        readonly: false,
    },
    read: |this, f| match this.downcast::<ByteArray>() {
        Some(array) => array.data.read(|data| f(data)),
        None => f(&[]),
    },
    write: |this, f| {
        if let Some(array) = this.downcast::<ByteArray>() {
            array.data.write(|data| f(data));
        }
    },
    export: |this, change| {
        if let Some(array) = this.downcast::<ByteArray>() {
            array
                .exports
                .set(array.exports.get().saturating_add_signed(change));
        }
    },
    view: None,
};

/// The type `bytearray`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "bytearray",
    doc: "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> bytearray\nbytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer\nbytearray(int) -> bytes array of size given by the parameter initialized with null bytes\nbytearray() -> empty bytes array\n\nConstruct a mutable bytearray object from:\n  - an iterable yielding integers in range(256)\n  - a text string encoded using the specified encoding\n  - a bytes or a buffer object\n  - any object implementing the buffer API.\n  - an integer",
    traits: TypeTraits::BASE | TypeTraits::MATCH_SELF | TypeTraits::UNHASHABLE,
    slots: |s| {
        s.new.set(Some(
            |vm, ty, _| Ok(ByteArray::place(vm, ty, &[])?.upcast()),
        ));
        s.init.set(Some(init));
        s.repr.set(Some(repr));
        s.str.set(Some(bytes::str));
        s.compare.set(Some(bytes::compare));
        s.iter.set(Some(bytes::iterator::array_iter));
        s.len
            .set(Some(|vm, this| Ok(receiver::<ByteArray>(vm, this)?.len())));
        s.getitem.set(Some(getitem));
        s.setitem.set(Some(setitem));
        s.contains.set(Some(bytes::contains));
        s.concat.set(Some(bytes::concat));
        s.repeat.set(Some(|vm, this, count| {
            let repeated = bytes::repeated(vm, &bytes::methods::own(vm, this)?, count)?;
            bytes::methods::make(vm, this, &repeated)
        }));
        s.inplace_concat.set(Some(inplace_concat));
        s.inplace_repeat.set(Some(inplace_repeat));
        s.binary[BinaryOp::Mod as usize].set(Some(bytes::modulo));
        s.buffer.set(Some(&BUFFER));
    },
    methods: &[bytes::methods::METHODS, methods::METHODS],
    ..TypeSpec::new(ByteArray::layout, false)
};

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let array = receiver::<ByteArray>(vm, this)?;
    let (source, encoding, errors) = construct::arguments(vm, "bytearray", args)?;
    replace_all(
        vm,
        array,
        &construct::content(vm, source, encoding, errors)?,
    )
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let array = receiver::<ByteArray>(vm, this)?;
    let text = format!(
        "{}({})",
        protocol::type_name(this),
        bytes::literal(&array.to_vec(), true)
    );
    Ok(vm.new_str(&text)?.upcast())
}

/// Asks whether the size may change.
///
/// # Errors
/// BufferError: "Existing exports of data: object cannot be re-sized"
pub fn check_resize(vm: &Vm, array: &ByteArray) -> PyResult<()> {
    if array.exports.get() == 0 {
        Ok(())
    } else {
        Err(vm.buffer_error("Existing exports of data: object cannot be re-sized"))
    }
}

/// Exchanges the bytes.
pub fn replace_all(vm: &Vm, array: &ByteArray, bytes: &[u8]) -> PyResult<()> {
    splice(vm, array, 0, array.len(), bytes)
}

/// Exchanges `start..end`, which is in range, for other bytes.
pub fn splice(vm: &Vm, array: &ByteArray, start: usize, end: usize, new: &[u8]) -> PyResult<()> {
    if new.len() != end - start {
        check_resize(vm, array)?;
    }
    let done = array.data.write(|data| {
        let (old, len) = (end - start, data.len());
        if new.len() > old {
            let more = new.len() - old;
            if data.len() + more > data.capacity() {
                // An eighth in reserve, so that appending stays cheap; nothing where this is the first content.
                let reserve = more + if len == 0 { 0 } else { (len + more) >> 3 };
                if data.try_reserve_exact(reserve).is_err() && data.try_reserve_exact(more).is_err()
                {
                    return false;
                }
            }
            data.resize(len + more, 0);
            data.copy_within(end..len, end + more);
        } else if new.len() < old {
            data.copy_within(end..len, start + new.len());
            data.truncate(len - (old - new.len()));
        }
        if let Some(place) = data.get_mut(start..start + new.len()) {
            place.copy_from_slice(new);
        }
        true
    });
    if done { Ok(()) } else { Err(vm.no_memory()) }
}

fn getitem(vm: &Vm, this: &Object, key: &Object) -> PyResult {
    let array = receiver::<ByteArray>(vm, this)?;
    match subscript(vm, key, "bytearray")? {
        Subscript::Index(index) => {
            let byte = array
                .data
                .read(|data| wrap_index(index, data.len()).and_then(|i| data.get(i).copied()));
            match byte {
                Some(byte) => vm.new_int(i64::from(byte)),
                None => Err(vm.index_error("bytearray index out of range")),
            }
        }
        Subscript::Slice(raw) => {
            let part = array
                .data
                .read(|data| bytes::sliced(data, raw.adjust(data.len())));
            Ok(ByteArray::place(vm, &vm.types.bytearray, &part)?.upcast())
        }
    }
}

fn setitem(vm: &Vm, this: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    let array = receiver::<ByteArray>(vm, this)?;
    match subscript(vm, key, "bytearray")? {
        Subscript::Index(index) => {
            let out_of_range = || vm.index_error("bytearray index out of range");
            wrap_index(index, array.len()).ok_or_else(out_of_range)?;
            let Some(value) = value else {
                let i = wrap_index(index, array.len()).ok_or_else(out_of_range)?;
                return splice(vm, array, i, i + 1, &[]);
            };
            let byte = byte(vm, value, "byte")?;
            // The conversion may have run code that changed the size.
            let i = wrap_index(index, array.len()).ok_or_else(out_of_range)?;
            splice(vm, array, i, i + 1, &[byte])
        }
        Subscript::Slice(raw) => {
            let new = match value {
                None => None,
                Some(value) => Some(slice_source(vm, value)?),
            };
            assign(vm, array, raw.adjust(array.len()), new)
        }
    }
}

fn slice_source(vm: &Vm, value: &Object) -> PyResult<Vec<u8>> {
    if let Some(bytes) = buffer::copy_bytes(vm, value)? {
        return Ok(bytes);
    }
    let wrong =
        || vm.type_error("can assign only bytes, buffers, or iterables of ints in range(0, 256)");
    if value.downcast::<crate::object::Str>().is_some()
        || crate::object::Type::of(value).slots.index.get().is_some()
    {
        return Err(wrong());
    }
    if crate::object::Type::of(value).slots.iter.get().is_none() {
        return Err(wrong());
    }
    construct::raw_bytes(vm, value)
}

fn assign(vm: &Vm, array: &ByteArray, indices: Indices, new: Option<Vec<u8>>) -> PyResult<()> {
    if indices.step == 1 {
        let start = indices.start as usize;
        return splice(
            vm,
            array,
            start,
            start + indices.len,
            &new.unwrap_or_default(),
        );
    }
    let Some(new) = new else {
        if indices.len == 0 {
            return Ok(());
        }
        let gone: std::collections::HashSet<usize> = indices.iter().collect();
        let all = array.to_vec();
        let kept: Vec<u8> = all
            .iter()
            .enumerate()
            .filter(|(i, _)| !gone.contains(i))
            .map(|(_, &b)| b)
            .collect();
        return replace_all(vm, array, &kept);
    };
    if new.is_empty() && indices.len > 0 {
        return assign(vm, array, indices, None);
    }
    if new.len() != indices.len {
        // A step of -1 with nothing in it is still an extended slice.
        return Err(vm.value_error(format!(
            "attempt to assign bytes of size {} to extended slice of size {}",
            new.len(),
            indices.len
        )));
    }
    array.data.write(|data| {
        for (i, byte) in indices.iter().zip(new) {
            if let Some(place) = data.get_mut(i) {
                *place = byte;
            }
        }
    });
    Ok(())
}

fn inplace_concat(vm: &Vm, this: &Object, other: &Object) -> PyResult {
    let array = receiver::<ByteArray>(vm, this)?;
    let Some(more) = buffer::copy_bytes(vm, other)? else {
        return Err(vm.type_error(format!(
            "can't concat {} to {}",
            protocol::type_name(other),
            protocol::type_name(this)
        )));
    };
    splice(vm, array, array.len(), array.len(), &more)?;
    Ok(this.to_ref())
}

fn inplace_repeat(vm: &Vm, this: &Object, count: i64) -> PyResult {
    let array = receiver::<ByteArray>(vm, this)?;
    let repeated = bytes::repeated(vm, &array.to_vec(), count)?;
    replace_all(vm, array, &repeated)?;
    Ok(this.to_ref())
}
