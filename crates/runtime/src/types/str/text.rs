//! `repr` of strings, and `str(bytes, encoding)`.

use std::borrow::Cow;

use viv_heap::{Object, Ref};

use crate::object::{Bytes, Str, StrData};
use crate::protocol;
use crate::result::PyResult;
use crate::types::unicode::is_printable;
use crate::vm::Vm;

/// `repr(string)`: in single quotes, or double ones where that saves escapes.
pub fn repr(vm: &Vm, string: &Str) -> PyResult<Ref<Str>> {
    let (mut single, mut double, mut plain) = (false, false, string.is_ascii());
    for c in string.chars() {
        match c {
            0x27 => single = true,
            0x22 => double = true,
            0x20..0x7f if c != 0x5c => {}
            _ => plain = false,
        }
    }
    let quote = if single && !double { b'"' } else { b'\'' };
    if plain
        && !(single && double)
        && let StrData::One(bytes) = string.data()
    {
        return Str::build(vm, bytes.len() + 2, 1, true, |out| {
            if let [first, middle @ .., last] = out {
                (*first, *last) = (quote, quote);
                middle.copy_from_slice(bytes);
            }
        });
    }
    let mut out = Vec::with_capacity(string.len() + 2);
    out.push(u32::from(quote));
    for c in string.chars() {
        push_escaped(&mut out, c, quote);
    }
    out.push(u32::from(quote));
    vm.new_str_points(&out)
}

fn push_escaped(out: &mut Vec<u32>, c: u32, quote: u8) {
    let mut push = |text: &str| out.extend(text.bytes().map(u32::from));
    match c {
        0x5c => push("\\\\"),
        0x09 => push("\\t"),
        0x0a => push("\\n"),
        0x0d => push("\\r"),
        _ if c == u32::from(quote) => {
            push("\\");
            out.push(c);
        }
        _ if is_printable(c) => out.push(c),
        _ => push(&escape(c)),
    }
}

/// The escape of a character by its number.
pub fn escape(c: u32) -> String {
    match c {
        0..0x100 => format!("\\x{c:02x}"),
        0x100..0x10000 => format!("\\u{c:04x}"),
        _ => format!("\\U{c:08x}"),
    }
}

/// `str(object, encoding, errors)`
pub fn decode_object(
    vm: &Vm,
    object: &Object,
    encoding: Option<&Object>,
    errors: Option<&Object>,
) -> PyResult<Ref<Str>> {
    if object.downcast::<Str>().is_some() {
        return Err(vm.type_error("decoding str is not supported"));
    }
    let encoding = argument_text(vm, encoding, "str", "encoding")?;
    let errors = argument_text(vm, errors, "str", "errors")?;
    if let Some(bytes) = object.downcast_exact::<Bytes>() {
        let bytes = bytes.as_slice();
        return crate::types::codec::decode(
            vm,
            object,
            bytes,
            encoding.as_deref(),
            errors.as_deref(),
        );
    }
    let Some(bytes) = crate::types::buffer::copy_bytes(vm, object)? else {
        return Err(vm.type_error(format!(
            "decoding to str: need a bytes-like object, {} found",
            protocol::type_name(object)
        )));
    };
    crate::types::codec::decode(vm, object, &bytes, encoding.as_deref(), errors.as_deref())
}

/// An optional argument that must be a str.
pub fn argument_text<'a>(
    vm: &Vm,
    value: Option<&'a Object>,
    function: &str,
    name: &str,
) -> PyResult<Option<Cow<'a, str>>> {
    let Some(value) = value else { return Ok(None) };
    match value.downcast::<Str>() {
        Some(text) => Ok(Some(text.to_text())),
        None => Err(vm.type_error(format!(
            "{function}() argument '{name}' must be str, not {}",
            protocol::argument_name(vm, value)
        ))),
    }
}
