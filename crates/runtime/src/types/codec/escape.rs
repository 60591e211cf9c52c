//! `unicode_escape` and `raw_unicode_escape`.

use viv_heap::Ref;

use super::errors::on_decode;
use crate::object::{Bytes, Str};
use crate::result::PyResult;
use crate::types::str::text::escape;
use crate::vm::Vm;

/// Encodes with escapes for everything but printable ASCII.
pub fn encode(vm: &Vm, string: &Str) -> PyResult<Ref<Bytes>> {
    let mut out = Vec::with_capacity(string.len());
    for c in string.chars() {
        match c {
            9 => out.extend(b"\\t"),
            10 => out.extend(b"\\n"),
            13 => out.extend(b"\\r"),
            0x5c => out.extend(b"\\\\"),
            0x20..0x7f => out.push(c as u8),
            _ => out.extend(escape(c).bytes()),
        }
    }
    vm.new_bytes(&out)
}

/// Encodes with escapes for what is beyond Latin-1.
pub fn encode_raw(vm: &Vm, string: &Str) -> PyResult<Ref<Bytes>> {
    let mut out = Vec::with_capacity(string.len());
    for c in string.chars() {
        if c < 0x100 {
            out.push(c as u8);
        } else {
            out.extend(escape(c).bytes());
        }
    }
    vm.new_bytes(&out)
}

/// Hexadecimal digits at the front: their value and their number, at most `most`.
fn hex(bytes: &[u8], most: usize) -> (u32, usize) {
    let mut value = 0u32;
    for (i, &byte) in bytes.iter().take(most).enumerate() {
        let Some(digit) = (byte as char).to_digit(16) else {
            return (value, i);
        };
        value = value << 4 | digit;
    }
    (value, bytes.len().min(most))
}

/// What a backslash begins.
enum Escape {
    /// A character of this many bytes.
    Char(u32, usize),
    /// A backslash that means nothing: it stands for itself.
    Plain,
    /// A backslash before the end of a line: nothing.
    Nothing,
    /// This many bytes that are wrong; whether they may become right when more comes.
    Invalid(usize, &'static str, bool),
}

fn hex_escape(rest: &[u8], digits: usize, reason: &'static str) -> Escape {
    let (value, used) = hex(rest.get(2..).unwrap_or_default(), digits);
    if used < digits {
        return Escape::Invalid(2 + used, reason, 2 + used == rest.len());
    }
    if value > 0x10_ffff {
        return Escape::Invalid(2 + used, "illegal Unicode character", false);
    }
    Escape::Char(value, 2 + digits)
}

fn named(rest: &[u8]) -> Escape {
    const MALFORMED: &str = "malformed \\N character escape";
    if rest.get(2) != Some(&b'{') {
        return Escape::Invalid(2, MALFORMED, rest.len() == 2);
    }
    let Some(length) = rest.iter().position(|b| *b == b'}') else {
        return Escape::Invalid(rest.len(), MALFORMED, true);
    };
    let name = rest
        .get(3..length)
        .and_then(|n| std::str::from_utf8(n).ok())
        .unwrap_or("");
    if name.is_empty() {
        return Escape::Invalid(length + 1, MALFORMED, false);
    }
    match unicode_names2::character(name) {
        Some(c) => Escape::Char(u32::from(c), length + 1),
        None => Escape::Invalid(length + 1, "unknown Unicode character name", false),
    }
}

fn backslash(rest: &[u8]) -> Escape {
    let Some(&kind) = rest.get(1) else {
        return Escape::Invalid(1, "\\ at end of string", true);
    };
    let simple = match kind {
        b'\n' => return Escape::Nothing,
        b'\\' | b'\'' | b'"' => kind,
        b'a' => 7,
        b'b' => 8,
        b't' => 9,
        b'n' => 10,
        b'v' => 11,
        b'f' => 12,
        b'r' => 13,
        b'0'..=b'7' => {
            let digits = rest
                .get(1..)
                .unwrap_or_default()
                .iter()
                .take(3)
                .take_while(|b| matches!(b, b'0'..=b'7'));
            let (value, used) = digits.fold((0u32, 0), |(value, used), b| {
                (value * 8 + u32::from(b - b'0'), used + 1)
            });
            return Escape::Char(value, 1 + used);
        }
        b'x' => return hex_escape(rest, 2, "truncated \\xXX escape"),
        b'u' => return hex_escape(rest, 4, "truncated \\uXXXX escape"),
        b'U' => return hex_escape(rest, 8, "truncated \\UXXXXXXXX escape"),
        b'N' => return named(rest),
        _ => return Escape::Plain,
    };
    Escape::Char(u32::from(simple), 2)
}

/// Decodes escapes; other bytes are Latin-1.
pub fn decode(vm: &Vm, bytes: &[u8], errors: &str, last: bool) -> PyResult<(Ref<Str>, usize)> {
    decode_with(vm, bytes, errors, last, "unicodeescape", backslash)
}

/// Decodes `\u` and `\U` escapes after an odd number of backslashes; other bytes are Latin-1.
pub fn decode_raw(vm: &Vm, bytes: &[u8], errors: &str, last: bool) -> PyResult<(Ref<Str>, usize)> {
    decode_with(
        vm,
        bytes,
        errors,
        last,
        "rawunicodeescape",
        |rest| match rest.get(1) {
            Some(b'u') => hex_escape(rest, 4, "truncated \\uXXXX escape"),
            Some(b'U') => hex_escape(rest, 8, "truncated \\UXXXXXXXX escape"),
            _ => Escape::Plain,
        },
    )
}

fn decode_with(
    vm: &Vm,
    bytes: &[u8],
    errors: &str,
    last: bool,
    name: &str,
    read: fn(&[u8]) -> Escape,
) -> PyResult<(Ref<Str>, usize)> {
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(rest) = bytes.get(at..)
        && let Some(&byte) = rest.first()
    {
        if byte != b'\\' {
            out.push(u32::from(byte));
            at += 1;
            continue;
        }
        match read(rest) {
            Escape::Char(c, length) => {
                out.push(c);
                at += length;
            }
            Escape::Plain => {
                // Both characters stand for themselves: a second backslash begins no escape.
                let length = rest.len().min(2);
                out.extend(rest.iter().take(length).map(|&b| u32::from(b)));
                at += length;
            }
            Escape::Nothing => at += 2,
            Escape::Invalid(_, _, true) if !last => break,
            Escape::Invalid(length, reason, _) => {
                let (text, next) = on_decode(vm, errors, name, bytes, at, at + length, reason)?;
                out.extend(text);
                at = next;
            }
        }
    }
    Ok((vm.new_str_points(&out)?, at))
}
