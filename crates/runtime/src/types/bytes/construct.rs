//! Making bytes of objects: `bytes(…)`, `bytearray(…)`.

use viv_heap::{Object, Ref};

use crate::object::{Bytes, Int, Str, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::buffer;
use crate::vm::Vm;

/// The bytes of an object: through `__bytes__`, its buffer, or as an iterable of ints.
pub fn to_bytes(vm: &Vm, x: &Object) -> PyResult<Ref<Bytes>> {
    if let Some(bytes) = x.downcast_exact::<Bytes>() {
        return Ok(Ref::of(bytes));
    }
    if let Some(result) = protocol::call_special(vm, x, &vm.names.__bytes__, &[])? {
        return result.cast::<Bytes>().map_err(|other| {
            vm.type_error(format!("{}.__bytes__() must return a bytes, not {}", protocol::type_name(x), protocol::type_name(&other)))
        });
    }
    vm.new_bytes(&raw_bytes(vm, x)?)
}

/// The bytes of a buffer or of an iterable of ints.
pub fn raw_bytes(vm: &Vm, x: &Object) -> PyResult<Vec<u8>> {
    if let Some(bytes) = buffer::copy_bytes(vm, x)? {
        return Ok(bytes);
    }
    let iterable = Type::of(x).slots.iter.get().is_some() || Type::of(x).slots.getitem.get().is_some();
    if x.downcast::<Str>().is_some() || !iterable {
        return Err(vm.type_error(format!("cannot convert '{}' object to bytes", protocol::type_name(x))));
    }
    let mut bytes = Vec::with_capacity(protocol::length_hint(vm, x, 0)?.min(1 << 20));
    protocol::for_each(vm, x, |item| {
        bytes.push(byte(vm, &item, "bytes")?);
        Ok(())
    })?;
    Ok(bytes)
}

/// An int of 0 to 255.
///
/// # Errors
/// ValueError: "bytes must be in range(0, 256)"; TypeError.
pub fn byte(vm: &Vm, item: &Object, what: &str) -> PyResult<u8> {
    let index = protocol::index(vm, item)?;
    let small = index.downcast::<Int>().and_then(Int::as_i64).and_then(|n| u8::try_from(n).ok());
    small.ok_or_else(|| {
        let text = if what == "bytes" { "bytes must be in range(0, 256)" } else { "byte must be in range(0, 256)" };
        vm.value_error(text)
    })
}
