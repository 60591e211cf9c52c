//! Making bytes of objects: `bytes(…)`, `bytearray(…)`.

use viv_heap::{Object, Ref};

use crate::args::Args;
use crate::native::bind::unexpected_keyword;

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
            vm.type_error(format!(
                "{}.__bytes__() must return a bytes, not {}",
                protocol::type_name(x),
                protocol::type_name(&other)
            ))
        });
    }
    vm.new_bytes(&raw_bytes(vm, x)?)
}

/// The bytes of a buffer or of an iterable of ints.
pub fn raw_bytes(vm: &Vm, x: &Object) -> PyResult<Vec<u8>> {
    if let Some(bytes) = buffer::copy_bytes(vm, x)? {
        return Ok(bytes);
    }
    let iterable =
        Type::of(x).slots.iter.get().is_some() || Type::of(x).slots.getitem.get().is_some();
    if x.downcast::<Str>().is_some() || !iterable {
        return Err(vm.type_error(format!(
            "cannot convert '{}' object to bytes",
            protocol::type_name(x)
        )));
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
    let small = index
        .downcast::<Int>()
        .and_then(Int::as_i64)
        .and_then(|n| u8::try_from(n).ok());
    small.ok_or_else(|| {
        let text = if what == "bytes" {
            "bytes must be in range(0, 256)"
        } else {
            "byte must be in range(0, 256)"
        };
        vm.value_error(text)
    })
}

/// Reads the arguments of `bytes(…)` and `bytearray(…)`.
pub fn arguments<'a>(
    vm: &Vm,
    name: &str,
    args: Args<'a>,
) -> PyResult<(Option<&'a Object>, Option<&'a Object>, Option<&'a Object>)> {
    let pos = args.pos();
    let given = pos.len() + args.keyword_count();
    if given > 3 {
        return Err(vm.type_error(format!(
            "{name}() takes at most 3 arguments ({given} given)"
        )));
    }
    let (mut source, mut encoding, mut errors) = (
        pos.first().copied(),
        pos.get(1).copied(),
        pos.get(2).copied(),
    );
    for (key, value) in args.keywords() {
        let (place, index) = match key.as_ascii() {
            Some("source") => (&mut source, 1),
            Some("encoding") => (&mut encoding, 2),
            Some("errors") => (&mut errors, 3),
            _ => {
                return Err(unexpected_keyword(
                    vm,
                    name,
                    key,
                    &["source", "encoding", "errors"],
                ));
            }
        };
        if place.is_some() {
            let key = key.to_text();
            return Err(vm.type_error(format!(
                "argument for {name}() given by name ('{key}') and position ({index})"
            )));
        }
        *place = Some(value);
    }
    for (value, what) in [(encoding, "encoding"), (errors, "errors")] {
        crate::types::str::text::argument_text(vm, value, name, what)?;
    }
    Ok((source, encoding, errors))
}

/// The bytes that the arguments of `bytes(…)` or `bytearray(…)` ask for.
pub fn content(
    vm: &Vm,
    source: Option<&Object>,
    encoding: Option<&Object>,
    errors: Option<&Object>,
) -> PyResult<Vec<u8>> {
    let (encoding, errors) = (
        crate::types::str::text::argument_text(vm, encoding, "bytes", "encoding")?,
        crate::types::str::text::argument_text(vm, errors, "bytes", "errors")?,
    );
    let without = |what: &str| vm.type_error(format!("{what} without a string argument"));
    let Some(source) = source else {
        return match (encoding, errors) {
            (Some(_), _) => Err(without("encoding")),
            (None, Some(_)) => Err(without("errors")),
            _ => Ok(Vec::new()),
        };
    };
    if let Some(text) = source.downcast::<Str>() {
        if encoding.is_none() {
            return Err(vm.type_error("string argument without an encoding"));
        }
        let encoded =
            crate::types::codec::encode(vm, text, encoding.as_deref(), errors.as_deref())?;
        return buffer::require_bytes(vm, &encoded, <[u8]>::to_vec);
    }
    if encoding.is_some() {
        return Err(without("encoding"));
    }
    if errors.is_some() {
        return Err(without("errors"));
    }
    if Type::of(source).slots.index.get().is_some() {
        let index = match protocol::index(vm, source) {
            Ok(index) => Some(index),
            Err(raised) => vm.swallow(raised, &vm.exceptions.TypeError)?,
        };
        if let Some(index) = index {
            let Some(size) = index.downcast::<Int>().and_then(Int::as_i64) else {
                return Err(vm.overflow_error("cannot fit 'int' into an index-sized integer"));
            };
            let Ok(size) = usize::try_from(size) else {
                return Err(vm.value_error("negative count"));
            };
            let mut bytes = Vec::new();
            if bytes.try_reserve_exact(size).is_err() {
                return Err(vm.no_memory());
            }
            bytes.resize(size, 0);
            return Ok(bytes);
        }
    }
    raw_bytes(vm, source)
}
