//! `format(number, spec)`.

use viv_heap::Ref;

use super::double::{Style, decimal};
use super::spec::{Spec, push_fill};
use crate::object::{Int, Str};
use crate::protocol::{self, TextBuilder};
use crate::result::PyResult;
use crate::vm::Vm;

/// The parts of a number's text, before padding and grouping.
struct Number {
    /// `-`, `+`, space or nothing.
    sign: &'static str,
    /// `0x` and the like.
    prefix: &'static str,
    /// The digits before the point.
    whole: String,
    /// The point, the fraction, the exponent, `%`.
    rest: String,
    /// Digits of a group.
    group: usize,
}

fn sign_text(spec: &Spec, negative: bool) -> &'static str {
    match (negative, spec.sign) {
        (true, _) => "-",
        (false, Some(b'+')) => "+",
        (false, Some(b' ')) => " ",
        _ => "",
    }
}

/// Length of `digits` digits with their separators.
fn grouped_length(digits: usize, group: usize) -> usize {
    digits + digits.saturating_sub(1) / group
}

/// Puts separators between groups of digits, counted from the right.
fn group_digits(digits: &str, separator: char, group: usize) -> String {
    let mut out = String::with_capacity(grouped_length(digits.len(), group));
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(group) {
            out.push(separator);
        }
        out.push(c);
    }
    out
}

/// Puts separators between groups of three digits of a fraction, counted from the point.
fn group_fraction(rest: &str, separator: char) -> String {
    let Some(fraction) = rest.strip_prefix('.') else {
        return rest.to_owned();
    };
    let end = fraction
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(fraction.len());
    let (digits, tail) = fraction.split_at(end);
    let mut out = String::from(".");
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && i.is_multiple_of(3) {
            out.push(separator);
        }
        out.push(c);
    }
    out + tail
}

fn finish(vm: &Vm, spec: &Spec, mut number: Number) -> PyResult<Ref<Str>> {
    if let Some(separator) = spec.fraction_grouping {
        number.rest = group_fraction(&number.rest, separator as char);
    }
    let fixed = number.sign.len() + number.prefix.len() + number.rest.len();
    let numeric = number.whole.bytes().all(|c| c.is_ascii_hexdigit());
    let zero_filled = spec.fill == u32::from(b'0') && spec.align == Some(b'=');
    if let Some(separator) = spec.grouping
        && numeric
    {
        if zero_filled {
            // Zeros that fill are grouped too; a separator never comes first.
            let wanted = spec.width.saturating_sub(fixed);
            if wanted > 1 << 40 {
                return Err(vm.no_memory());
            }
            let mut least = wanted - wanted / (number.group + 1);
            if grouped_length(least, number.group) < wanted {
                least += 1;
            }
            let zeros = least.saturating_sub(number.whole.len());
            number.whole.insert_str(0, &"0".repeat(zeros));
        }
        number.whole = group_digits(&number.whole, separator as char, number.group);
    }
    let mut out = TextBuilder::new();
    let length = fixed + number.whole.len();
    let (left, right) = spec.padding(length, b'>');
    let inside = spec.align == Some(b'=');
    if !inside {
        push_fill(vm, &mut out, spec.fill, left)?;
    }
    out.push(number.sign);
    out.push(number.prefix);
    if inside {
        push_fill(vm, &mut out, spec.fill, left)?;
    }
    out.push(&number.whole);
    out.push(&number.rest);
    push_fill(vm, &mut out, spec.fill, right)?;
    out.finish(vm)
}

/// The digits of an int's magnitude in base 2, 8, 10 or 16.
///
/// # Errors
/// ValueError for too many decimal digits.
pub fn digits_in(vm: &Vm, int: &Int, base: u32) -> PyResult<String> {
    if base == 10 {
        let text = crate::types::int::decimal(vm, int)?;
        return Ok(text.trim_start_matches('-').to_owned());
    }
    Ok(match int.as_i64() {
        Some(small) => {
            let magnitude = small.unsigned_abs();
            match base {
                2 => format!("{magnitude:b}"),
                8 => format!("{magnitude:o}"),
                _ => format!("{magnitude:x}"),
            }
        }
        None => int
            .to_big()
            .in_radix(base as u8)
            .to_string()
            .trim_start_matches('-')
            .to_owned(),
    })
}

/// `format(int, spec)`
pub fn format_int(vm: &Vm, int: &Int, text: &Str) -> PyResult {
    let type_name = protocol::type_name(&int.head);
    let spec = Spec::parse(vm, text, b'>', &type_name)?;
    let kind = spec.kind.and_then(|k| u8::try_from(k).ok());
    let (base, prefix) = match (spec.kind, kind) {
        (None, _) | (_, Some(b'd' | b'n')) => (10, ""),
        (_, Some(b'b')) => (2, "0b"),
        (_, Some(b'o')) => (8, "0o"),
        (_, Some(b'x')) => (16, "0x"),
        (_, Some(b'X')) => (16, "0X"),
        (_, Some(b'c')) => return format_char(vm, int, spec),
        (_, Some(b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%')) => {
            let value = crate::types::int::to_f64(vm, int)?;
            return format_float(vm, value, text, &type_name);
        }
        _ => return Err(spec.unknown_kind(vm, &type_name)),
    };
    if spec.precision.is_some() {
        return Err(vm.value_error("Precision not allowed in integer format specifier"));
    }
    if spec.no_negative_zero {
        return Err(
            vm.value_error("Negative zero coercion (z) not allowed in integer format specifier")
        );
    }
    let mut whole = digits_in(vm, int, base)?;
    if kind == Some(b'X') {
        whole.make_ascii_uppercase();
    }
    let number = Number {
        sign: sign_text(&spec, int.signum() < 0),
        prefix: if spec.alternate { prefix } else { "" },
        whole,
        rest: String::new(),
        group: if base == 10 { 3 } else { 4 },
    };
    Ok(finish(vm, &spec, number)?.upcast())
}

fn format_char(vm: &Vm, int: &Int, mut spec: Spec) -> PyResult {
    if spec.precision.is_some() {
        return Err(vm.value_error("Precision not allowed in integer format specifier"));
    }
    if spec.no_negative_zero {
        return Err(
            vm.value_error("Negative zero coercion (z) not allowed in integer format specifier")
        );
    }
    if spec.sign.is_some() {
        return Err(vm.value_error("Sign not allowed with integer format specifier 'c'"));
    }
    if spec.alternate {
        return Err(
            vm.value_error("Alternate form (#) not allowed with integer format specifier 'c'")
        );
    }
    let Some(value) = int.as_i64() else {
        return Err(vm.overflow_error("Python int too large to convert to C long"));
    };
    let Some(c) = u32::try_from(value).ok().filter(|c| *c < 0x11_0000) else {
        return Err(vm.overflow_error("%c arg not in range(0x110000)"));
    };
    if spec.align == Some(b'=') {
        spec.align = Some(b'>');
    }
    let (left, right) = spec.padding(1, b'>');
    let mut out = TextBuilder::new();
    push_fill(vm, &mut out, spec.fill, left)?;
    out.push_points([c]);
    push_fill(vm, &mut out, spec.fill, right)?;
    Ok(out.finish(vm)?.upcast())
}

/// More digits than this are refused as CPython does: the C library counts them in an `int`.
pub const MAX_PRECISION: usize = i32::MAX as usize - 1024;

/// The style that a type character asks for, nothing where it is none of floats.
fn style(spec: &Spec) -> Option<Style> {
    let precision = spec.precision.unwrap_or(6);
    let Some(kind) = spec.kind else {
        return Some(match spec.precision {
            None => Style::Shortest { point_zero: true },
            Some(precision) => Style::General {
                precision,
                point_zero: true,
            },
        });
    };
    match u8::try_from(kind).ok()? {
        b'e' | b'E' => Some(Style::Exponent(precision)),
        b'f' | b'F' | b'%' => Some(Style::Fixed(precision)),
        b'g' | b'G' | b'n' => Some(Style::General {
            precision,
            point_zero: false,
        }),
        _ => None,
    }
}

/// Takes the text of a float apart into sign, whole part and rest.
fn split(text: &str) -> (bool, &str, &str) {
    let (negative, body) = text
        .strip_prefix('-')
        .map_or((false, text), |body| (true, body));
    let end = body
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(body.len());
    // `nan` and `inf` count as whole parts without digits.
    let end = if end == 0 { body.len() } else { end };
    (negative, &body[..end], &body[end..])
}

/// Refuses what CPython refuses, and what there is no memory for.
///
/// # Errors
/// ValueError, MemoryError
pub fn check_precision(vm: &Vm, precision: usize) -> PyResult<()> {
    if precision > MAX_PRECISION {
        return Err(vm.value_error("precision too big"));
    }
    // The text is made several times on its way.
    if precision > 1 << 20 && Vec::<u8>::new().try_reserve_exact(4 * precision).is_err() {
        return Err(vm.no_memory());
    }
    Ok(())
}

fn float_text(vm: &Vm, value: f64, spec: &Spec, style: Style) -> PyResult<String> {
    let precision = spec.precision.unwrap_or(0);
    check_precision(vm, precision)?;
    let percent = spec.kind == Some(u32::from(b'%'));
    let value = if percent { value * 100.0 } else { value };
    let mut text = decimal(value, style, spec.alternate);
    let is_zero = text
        .bytes()
        .take_while(|c| !matches!(c, b'e' | b'E'))
        .all(|c| !matches!(c, b'1'..=b'9'));
    if spec.no_negative_zero && text.starts_with('-') && value.is_finite() && is_zero {
        text.remove(0);
    }
    if matches!(spec.kind.map(u8::try_from), Some(Ok(b'E' | b'F' | b'G'))) {
        text.make_ascii_uppercase();
    }
    if percent {
        text.push('%');
    }
    Ok(text)
}

/// `format(float, spec)`; `type_name` stands in messages.
pub fn format_float(vm: &Vm, value: f64, text: &Str, type_name: &str) -> PyResult {
    let spec = Spec::parse(vm, text, b'>', type_name)?;
    let Some(style) = style(&spec) else {
        return Err(spec.unknown_kind(vm, type_name));
    };
    let text = float_text(vm, value, &spec, style)?;
    let (negative, whole, rest) = split(&text);
    let number = Number {
        sign: sign_text(&spec, negative),
        prefix: "",
        whole: whole.to_owned(),
        rest: rest.to_owned(),
        group: 3,
    };
    Ok(finish(vm, &spec, number)?.upcast())
}

/// `format(complex, spec)`
pub fn format_complex(vm: &Vm, re: f64, im: f64, text: &Str) -> PyResult {
    let spec = Spec::parse(vm, text, b'>', "complex")?;
    let percent = spec.kind == Some(u32::from(b'%'));
    let Some(chosen) = style(&spec).filter(|_| !percent) else {
        return Err(spec.unknown_kind(vm, "complex"));
    };
    if spec.fill == u32::from(b'0') {
        return Err(vm.value_error("Zero padding is not allowed in complex format specifier"));
    }
    if spec.align == Some(b'=') {
        return Err(vm.value_error("'=' alignment flag is not allowed in complex format specifier"));
    }
    check_precision(vm, spec.precision.unwrap_or(0))?;
    // Without a type the text is that of `str`, parentheses included.
    let plain = spec.kind.is_none();
    let style = match (plain, spec.precision) {
        (true, None) => Style::Shortest { point_zero: false },
        (true, Some(precision)) => Style::General {
            precision,
            point_zero: false,
        },
        _ => chosen,
    };
    let skip_re = plain && re == 0.0 && !re.is_sign_negative();
    let mut inner = spec.clone();
    (inner.width, inner.align, inner.fill) = (0, None, u32::from(b' '));
    let mut part = |value: f64, signed: bool| -> PyResult<Ref<Str>> {
        let text = float_text(vm, value, &inner, style)?;
        let (negative, whole, rest) = split(&text);
        if signed {
            inner.sign = Some(b'+');
        }
        let number = Number {
            sign: sign_text(&inner, negative),
            prefix: "",
            whole: whole.to_owned(),
            rest: rest.to_owned(),
            group: 3,
        };
        finish(vm, &inner, number)
    };
    let mut body = String::new();
    if plain && !skip_re {
        body.push('(');
    }
    if !skip_re {
        body.push_str(&part(re, false)?.to_text());
    }
    body.push_str(&part(im, !skip_re)?.to_text());
    body.push('j');
    if plain && !skip_re {
        body.push(')');
    }
    let (left, right) = spec.padding(body.chars().count(), b'>');
    let mut out = TextBuilder::new();
    push_fill(vm, &mut out, spec.fill, left)?;
    out.push(&body);
    push_fill(vm, &mut out, spec.fill, right)?;
    Ok(out.finish(vm)?.upcast())
}
