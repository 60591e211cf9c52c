//! UnicodeEncodeError, UnicodeDecodeError, UnicodeTranslateError.

use viv_heap::Object;

use crate::args::Args;
use crate::native::GetSetDef;
use crate::native::bind::check_count;
use crate::object::{Bytes, Exception, Str};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{receiver, reject_keywords};
use crate::vm::Vm;

use super::fields::field;
use super::{extend, extra, set_extra};

const ENCODING: usize = 0;
const OBJECT: usize = 1;
const START: usize = 2;
const END: usize = 3;
const REASON: usize = 4;

fn init_fields(vm: &Vm, this: &Object, args: Args<'_>, name: &str, first: usize) -> PyResult<()> {
    reject_keywords(vm, name, args)?;
    let values = args.pos();
    super::base::set_args(vm, this, values)?;
    if values.len() != 5 - first {
        return Err(vm.type_error(format!(
            "function takes exactly {} arguments ({} given)",
            5 - first,
            values.len()
        )));
    }
    check_count(vm, name, values.len(), 5 - first, 5 - first)?;
    let exception = receiver::<Exception>(vm, this)?;
    for (i, value) in values.iter().enumerate() {
        let index = first + i;
        if matches!(index, ENCODING | REASON) && value.downcast::<Str>().is_none() {
            return Err(vm.type_error(format!(
                "argument {} must be str, not {}",
                i + 1,
                protocol::type_name(value)
            )));
        }
        let value = if index == OBJECT && name == "UnicodeDecodeError" {
            bytes_of(vm, value)?
        } else {
            value.to_ref()
        };
        set_extra(vm, exception, index, Some(value))?;
    }
    Ok(())
}

/// The bytes of a buffer.
fn bytes_of(vm: &Vm, object: &Object) -> PyResult {
    if object.downcast::<Bytes>().is_some() {
        return Ok(object.to_ref());
    }
    match crate::types::buffer::with_bytes(vm, object, <[u8]>::to_vec)? {
        Some(bytes) => Ok(vm.new_bytes(&bytes)?.upcast()),
        None => Err(vm.type_error(format!(
            "a bytes-like object is required, not '{}'",
            protocol::type_name(object)
        ))),
    }
}

/// Start and end as they were given.
fn range(vm: &Vm, exception: &Exception) -> (i64, i64) {
    let number = |index: usize| {
        let value = extra(exception, index)?;
        match protocol::to_i64(vm, &value) {
            Ok(n) => Some(n),
            Err(raised) => {
                drop(vm.take_raised(raised));
                None
            }
        }
    };
    (number(START).unwrap_or(0), number(END).unwrap_or(0))
}

/// The index of the only item that is meant, if it is there.
fn single(start: i64, end: i64) -> Option<usize> {
    (end == start.wrapping_add(1))
        .then(|| usize::try_from(start).ok())
        .flatten()
}

/// The attribute `object`, read after the texts, whose own code may have changed it.
fn object(vm: &Vm, exception: &Exception) -> PyResult {
    extra(exception, OBJECT)
        .ok_or_else(|| vm.type_error("UnicodeError 'object' attribute is not set"))
}

fn text(vm: &Vm, exception: &Exception, index: usize) -> String {
    extra(exception, index).map_or_else(String::new, |value| super::fields::text_of(vm, &value))
}

fn escaped(c: u32) -> String {
    match c {
        0..=0xff => format!("\\x{c:02x}"),
        0x100..=0xffff => format!("\\u{c:04x}"),
        _ => format!("\\U{c:08x}"),
    }
}

fn encode_str(vm: &Vm, this: &Object) -> PyResult {
    let exception = receiver::<Exception>(vm, this)?;
    if extra(exception, OBJECT).is_none() {
        return Ok(vm.new_str("")?.upcast());
    }
    let translate = extra(exception, ENCODING).is_none();
    let lead = if translate {
        "can't translate".to_owned()
    } else {
        format!("'{}' codec can't encode", text(vm, exception, ENCODING))
    };
    let reason = text(vm, exception, REASON);
    let object = object(vm, exception)?;
    let Some(object) = object.downcast::<Str>() else {
        return Err(vm.type_error("UnicodeError 'object' attribute must be a string"));
    };
    let (start, end) = range(vm, exception);
    let message = match single(start, end).and_then(|at| object.char_at(at)) {
        Some(c) => format!(
            "{lead} character '{}' in position {start}: {reason}",
            escaped(c)
        ),
        None => format!(
            "{lead} characters in position {start}-{}: {reason}",
            end.wrapping_sub(1)
        ),
    };
    Ok(vm.new_str(&message)?.upcast())
}

fn decode_str(vm: &Vm, this: &Object) -> PyResult {
    let exception = receiver::<Exception>(vm, this)?;
    if extra(exception, OBJECT).is_none() {
        return Ok(vm.new_str("")?.upcast());
    }
    let lead = format!("'{}' codec can't decode", text(vm, exception, ENCODING));
    let reason = text(vm, exception, REASON);
    let object = object(vm, exception)?;
    let Some(object) = object.downcast::<Bytes>() else {
        return Err(vm.type_error("UnicodeError 'object' attribute must be a bytes"));
    };
    let (start, end) = range(vm, exception);
    let message = match single(start, end).and_then(|at| object.as_slice().get(at)) {
        Some(byte) => format!("{lead} byte 0x{byte:02x} in position {start}: {reason}"),
        None => format!(
            "{lead} bytes in position {start}-{}: {reason}",
            end.wrapping_sub(1)
        ),
    };
    Ok(vm.new_str(&message)?.upcast())
}

pub(super) fn finish(vm: &Vm) -> PyResult<()> {
    const FIELDS: &[GetSetDef] = &[
        field::<0>("encoding", "exception encoding"),
        field::<1>("object", "exception object"),
        field::<2>("start", "exception start"),
        field::<3>("end", "exception end"),
        field::<4>("reason", "exception reason"),
    ];
    let e = &vm.exceptions;
    let encode = |s: &crate::slots::Slots| {
        s.init.set(Some(|vm, this, args| {
            init_fields(vm, this, args, "UnicodeEncodeError", 0)
        }));
        s.str.set(Some(encode_str));
    };
    extend(vm, &e.UnicodeEncodeError, encode, &[], FIELDS)?;
    let decode = |s: &crate::slots::Slots| {
        s.init.set(Some(|vm, this, args| {
            init_fields(vm, this, args, "UnicodeDecodeError", 0)
        }));
        s.str.set(Some(decode_str));
    };
    extend(vm, &e.UnicodeDecodeError, decode, &[], FIELDS)?;
    let translate = |s: &crate::slots::Slots| {
        s.init.set(Some(|vm, this, args| {
            init_fields(vm, this, args, "UnicodeTranslateError", 1)
        }));
        s.str.set(Some(encode_str));
    };
    extend(vm, &e.UnicodeTranslateError, translate, &[], FIELDS)
}
