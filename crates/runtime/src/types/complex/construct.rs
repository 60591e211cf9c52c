//! `complex(…)`.

use viv_heap::{Object, Ref};

use crate::args::Args;
use crate::native::bind::unexpected_keyword;
use crate::object::{Complex, Str, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::float::construct::{parse_plain, without_underscores};
use crate::types::int::parse::trim;
use crate::types::unicode;
use crate::vm::Vm;

/// `complex.__new__`
pub fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let pos = args.pos();
    let given = pos.len() + args.keyword_count();
    if given > 2 {
        return Err(vm.type_error(format!(
            "complex() takes at most 2 arguments ({given} given)"
        )));
    }
    let (mut real, mut imag) = (pos.first().copied(), pos.get(1).copied());
    for (name, value) in args.keywords() {
        let (place, index) = match name.as_ascii() {
            Some("real") => (&mut real, 1),
            Some("imag") => (&mut imag, 2),
            _ => {
                return Err(unexpected_keyword(vm, "complex", name, &["real", "imag"]));
            }
        };
        if place.is_some() {
            let name = name.to_text();
            return Err(vm.type_error(format!(
                "argument for complex() given by name ('{name}') and position ({index})"
            )));
        }
        *place = Some(value);
    }
    let by_keyword = args.keyword("real").is_some();
    if let (Some(x), None) = (real, imag)
        && !by_keyword
    {
        if x.is_exact::<Complex>() && ty.is(&vm.types.complex) {
            return Ok(x.to_ref());
        }
        let made = match x.downcast::<Str>() {
            Some(text) => parse(vm, text)?,
            None => from_object(vm, x)?.ok_or_else(|| {
                vm.type_error(format!(
                    "complex() argument must be a string or a number, not {}",
                    protocol::type_name(x)
                ))
            })?,
        };
        return place(vm, ty, made);
    }
    let part = |value: Option<&Object>, name: &str| -> PyResult<(f64, f64)> {
        let Some(value) = value else {
            return Ok((0.0, 0.0));
        };
        // Complex parts are still taken, the imaginary part of `real` included.
        let wrong = || {
            vm.type_error(format!(
                "complex() argument '{name}' must be a real number, not {}",
                protocol::type_name(value)
            ))
        };
        if value.downcast::<Str>().is_some() {
            return Err(wrong());
        }
        let is_complex = value.downcast::<Complex>().is_some();
        let made = if name == "imag" && !is_complex {
            let slots = &Type::of(value).slots;
            if slots.float.get().is_none() && slots.index.get().is_none() {
                return Err(wrong());
            }
            return Ok((protocol::to_f64(vm, value)?, 0.0));
        } else {
            from_object(vm, value)?.ok_or_else(wrong)?
        };
        if is_complex || Type::of(value).lookup(vm, &vm.names.__complex__).is_some() {
            let text = format!(
                "complex() argument '{name}' must be a real number, not {}",
                protocol::type_name(value)
            );
            vm.warn(&vm.exceptions.DeprecationWarning, &text, 1)?;
        }
        Ok(made)
    };
    let (re, im) = (part(real, "real")?, part(imag, "imag")?);
    // A sum with zero would lose the sign of a zero.
    let imaginary = if re.1 == 0.0 { im.0 } else { re.1 + im.0 };
    place(vm, ty, (re.0 - im.1, imaginary))
}

fn place(vm: &Vm, ty: &Type, (re, im): (f64, f64)) -> PyResult {
    let head = Object::new(ty.type_head_of());
    vm.place(Complex { head, re, im }).map(Ref::upcast)
}

/// `complex.from_number(x)`
pub fn from_number(vm: &Vm, x: &Object) -> PyResult {
    if x.is_exact::<Complex>() {
        return Ok(x.to_ref());
    }
    match from_object(vm, x)? {
        Some((re, im)) => vm.new_complex(re, im),
        None => Err(vm.type_error(format!(
            "must be real number, not {}",
            protocol::type_name(x)
        ))),
    }
}

/// The value of a number, through `__complex__`, `__float__` or `__index__`; nothing where it is no number.
pub fn from_object(vm: &Vm, x: &Object) -> PyResult<Option<(f64, f64)>> {
    if let Some(z) = x.downcast_exact::<Complex>() {
        return Ok(Some((z.re, z.im)));
    }
    if let Some(result) = protocol::call_special(vm, x, &vm.names.__complex__, &[])? {
        return match result.downcast::<Complex>() {
            Some(z) => {
                if !result.is_exact::<Complex>() {
                    let text = "__complex__ returned non-complex";
                    protocol::convert::warn_subclass(vm, text, &result, "complex")?;
                }
                Ok(Some((z.re, z.im)))
            }
            None => Err(vm.type_error(format!(
                "__complex__ returned non-complex (type {})",
                protocol::type_name(&result)
            ))),
        };
    }
    let slots = &Type::of(x).slots;
    if slots.float.get().is_none() && slots.index.get().is_none() {
        return Ok(None);
    }
    Ok(Some((protocol::to_f64(vm, x)?, 0.0)))
}

fn parse(vm: &Vm, text: &Str) -> PyResult<(f64, f64)> {
    let malformed = || vm.value_error("complex() arg is a malformed string");
    let digits = unicode::to_decimal_ascii(text);
    let Some(clean) = without_underscores(trim(&digits)) else {
        return Err(vm.value_error(
            "could not convert string to complex: ".to_owned()
                + &protocol::repr(vm, &text.head)?.to_text(),
        ));
    };
    let mut body = &clean[..];
    if let [b'(', inner @ .., b')'] = body {
        body = trim(inner);
    }
    parse_parts(body).ok_or_else(malformed)
}

/// Length of the number at the front, sign included; 0 where there is none.
fn number_length(text: &[u8]) -> usize {
    let mut at = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    let rest = text.get(at..).unwrap_or_default();
    for word in [&b"infinity"[..], b"inf", b"nan"] {
        if rest
            .get(..word.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(word))
        {
            return at + word.len();
        }
    }
    let digits = |from: usize| {
        text.get(from..)
            .map_or(0, |t| t.iter().take_while(|c| c.is_ascii_digit()).count())
    };
    let whole = digits(at);
    at += whole;
    let mut fraction = 0;
    if text.get(at) == Some(&b'.') {
        fraction = digits(at + 1);
        if whole + fraction > 0 {
            at += 1 + fraction;
        }
    }
    if whole + fraction == 0 {
        return 0;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at + 1 + sign);
        if exponent > 0 {
            at += 1 + sign + exponent;
        }
    }
    at
}

fn parse_parts(text: &[u8]) -> Option<(f64, f64)> {
    let is_unit = |t: &[u8]| matches!(t, [b'j' | b'J']);
    let unit = |t: &[u8]| match t {
        [b'+', rest @ ..] if is_unit(rest) => Some(1.0),
        [b'-', rest @ ..] if is_unit(rest) => Some(-1.0),
        rest if is_unit(rest) => Some(1.0),
        _ => None,
    };
    let length = number_length(text);
    if length == 0 {
        return unit(text).map(|im| (0.0, im));
    }
    let (first, rest) = text.split_at(length);
    let first = parse_plain(first)?;
    if rest.is_empty() {
        return Some((first, 0.0));
    }
    if is_unit(rest) {
        return Some((0.0, first));
    }
    if !matches!(rest.first(), Some(b'+' | b'-')) {
        return None;
    }
    let length = number_length(rest);
    if length == 0 {
        return unit(rest).map(|im| (first, im));
    }
    let (second, tail) = rest.split_at(length);
    if is_unit(tail) {
        Some((first, parse_plain(second)?))
    } else {
        None
    }
}
