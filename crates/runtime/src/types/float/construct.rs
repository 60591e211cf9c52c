//! `float(…)`, and reading floats from text.

use viv_heap::{Object, Ref};

use crate::args::Args;
use crate::object::{Bytes, Float, Str, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::int::parse::trim;
use crate::types::sequence::constructor_args;
use crate::types::unicode;
use crate::vm::Vm;

/// `float.__new__`
pub fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let exact = ty.is(&vm.types.float);
    if let ([x], None, true) = (args.values(), args.names(), exact) {
        return to_float(vm, x);
    }
    let own_init = ty.slots.init.get().zip(vm.types.float.slots.init.get());
    let own_init = own_init.is_some_and(|(a, b)| std::ptr::fn_addr_eq(a, b));
    let pos = if exact || own_init {
        constructor_args(vm, "float", args, 0, 1)?
    } else {
        args.pos()
    };
    crate::native::bind::check_count(vm, "float", pos.len(), 0, 1)?;
    let value = match pos.first() {
        None => vm.new_float(0.0)?,
        Some(x) => to_float(vm, x)?,
    };
    of_type(vm, ty, value)
}

/// The float itself where `ty` is `float`, else a new one of the subclass.
pub fn of_type(vm: &Vm, ty: &Type, made: Ref) -> PyResult {
    match made.downcast::<Float>() {
        Some(float) if !ty.is(&vm.types.float) => Ok(Float::place(vm, ty, float.value())?.upcast()),
        _ => Ok(made),
    }
}

/// `float(x)`
pub fn to_float(vm: &Vm, x: &Object) -> PyResult {
    if x.is_exact::<Float>() {
        return Ok(x.to_ref());
    }
    let shown = || Ok(protocol::repr(vm, x)?.to_text().into_owned());
    if let Some(slot) = Type::of(x).slots.float.get() {
        return vm.new_float(protocol::convert::float_result(vm, x, slot)?);
    }
    if let Some(text) = x.downcast::<Str>() {
        return vm.new_float(parse_or_raise(vm, &unicode::to_decimal_ascii(text), shown)?);
    }
    if let Some(bytes) = x.downcast::<Bytes>() {
        return vm.new_float(parse_or_raise(vm, bytes.as_slice(), shown)?);
    }
    let slots = &Type::of(x).slots;
    if slots.float.get().is_none() && slots.index.get().is_none() {
        if let Some(bytes) = crate::types::buffer::copy_bytes(vm, x)? {
            return vm.new_float(parse_or_raise(vm, &bytes, shown)?);
        }
        return Err(vm.type_error(format!(
            "float() argument must be a string or a real number, not '{}'",
            protocol::type_name(x)
        )));
    }
    vm.new_float(protocol::to_f64(vm, x)?)
}

fn parse_or_raise(vm: &Vm, text: &[u8], shown: impl FnOnce() -> PyResult<String>) -> PyResult<f64> {
    match parse_f64(text) {
        Some(value) => Ok(value),
        None => {
            let shown: String = shown()?.chars().take(200).collect();
            Err(vm.value_error(format!("could not convert string to float: {shown}")))
        }
    }
}

/// Reads a float as `float(text)` does: white space around it, underscores between digits, `inf`, `infinity`, `nan`.
pub fn parse_f64(text: &[u8]) -> Option<f64> {
    parse_plain(&without_underscores(trim(text))?)
}

/// Reads a float that fills the whole text and has no underscores.
pub fn parse_plain(text: &[u8]) -> Option<f64> {
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let rest = std::str::from_utf8(rest).ok()?;
    let magnitude = if rest.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        rest.parse::<f64>().ok()?
    } else if rest.eq_ignore_ascii_case("inf") || rest.eq_ignore_ascii_case("infinity") {
        f64::INFINITY
    } else if rest.eq_ignore_ascii_case("nan") {
        f64::NAN
    } else {
        return None;
    };
    Some(if negative { -magnitude } else { magnitude })
}

/// The text without its underscores, each of which must stand between two digits.
pub fn without_underscores(text: &[u8]) -> Option<std::borrow::Cow<'_, [u8]>> {
    if !text.contains(&b'_') {
        return Some(text.into());
    }
    let mut out = Vec::with_capacity(text.len());
    for (i, &c) in text.iter().enumerate() {
        if c != b'_' {
            out.push(c);
            continue;
        }
        let digit = |j: Option<usize>| j.and_then(|j| text.get(j)).is_some_and(u8::is_ascii_digit);
        if !digit(i.checked_sub(1)) || !digit(Some(i + 1)) {
            return None;
        }
    }
    Some(out.into())
}
