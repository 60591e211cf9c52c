//! Python's `repr` of constants.

use crate::ast::StrValue;
use crate::unicode::is_printable;
use std::fmt::Write;

fn quote(single: bool, double: bool) -> char {
    if single && !double { '"' } else { '\'' }
}

/// `repr` of a string.
#[must_use]
pub fn str_repr(value: &StrValue) -> String {
    let bytes = value.as_bytes();
    let quote = quote(bytes.contains(&b'\''), bytes.contains(&b'"'));
    let mut out = String::with_capacity(bytes.len() + 2);
    out.push(quote);
    for c in value.code_points() {
        match c.to_char() {
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(c) if c == quote => out.extend(['\\', c]),
            Some(c) if (' '..='~').contains(&c) || (!c.is_ascii() && is_printable(c)) => {
                out.push(c)
            }
            _ => escape(&mut out, c.to_u32()),
        }
    }
    out.push(quote);
    out
}

fn escape(out: &mut String, code: u32) {
    // Writing to a string cannot fail.
    let _ = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

/// `repr` of a bytes object.
#[must_use]
pub fn bytes_repr(value: &[u8]) -> String {
    let quote = quote(value.contains(&b'\''), value.contains(&b'"'));
    let mut out = String::with_capacity(value.len() + 3);
    out.push('b');
    out.push(quote);
    for &b in value {
        match b {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ if char::from(b) == quote => out.extend(['\\', quote]),
            b' '..=b'~' => out.push(char::from(b)),
            _ => escape(&mut out, u32::from(b)),
        }
    }
    out.push(quote);
    out
}

/// `repr` of a float.
#[must_use]
pub fn float_repr(value: f64) -> String {
    let text = short(value);
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        text + ".0"
    } else {
        text
    }
}

/// `repr` of an imaginary number.
#[must_use]
pub fn imaginary_repr(value: f64) -> String {
    short(value) + "j"
}

/// The shortest digits that read back as the value; with an exponent below 1e-4 and from 1e16.
fn short(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        format!("{value}")
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{digits}e{sign}{:02}", exponent.abs())
    }
}
