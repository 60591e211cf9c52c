//! JSON strings: reading and writing them.

use std::hash::Hash;

use viv_runtime::object::{Str, StrData};
use viv_runtime::protocol::{self, TextBuilder};
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Raised, Ref, Vm};

/// The functions.
pub const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "encode_basestring",
        "($self, object, /)",
        NativeCall::One(|vm, _, object| quoted(vm, object, false)),
        "encode_basestring(string) -> string\n\nReturn a JSON representation of a Python string",
    ),
    MethodDef::new(
        "encode_basestring_ascii",
        "($self, object, /)",
        NativeCall::One(|vm, _, object| quoted(vm, object, true)),
        "encode_basestring_ascii(string) -> string\n\nReturn an ASCII-only JSON representation of a Python string",
    ),
    MethodDef::new(
        "scanstring",
        "",
        NativeCall::Raw(|vm, _, args| {
            let given = args.pos();
            if args.keyword_count() > 0 {
                return Err(vm.type_error("scanstring() takes no keyword arguments"));
            }
            let (text, end, strict) = match *given {
                [text, end] => (text, end, true),
                [text, end, strict] => (text, end, protocol::is_true(vm, strict)?),
                _ => {
                    let (bound, count) = if given.len() < 2 {
                        ("least", 2)
                    } else {
                        ("most", 3)
                    };
                    return Err(vm.type_error(format!(
                        "scanstring() takes at {bound} {count} arguments ({} given)",
                        given.len()
                    )));
                }
            };
            let end = protocol::to_i64(vm, end)?;
            let Some(source) = text.downcast::<Str>() else {
                return Err(not_a_string(vm, text));
            };
            let (string, end) = match source.data() {
                StrData::One(text) => scan_at(vm, source, text, end, strict),
                StrData::Two(text) => scan_at(vm, source, text, end, strict),
                StrData::Four(text) => scan_at(vm, source, text, end, strict),
            }?;
            Ok(vm
                .new_tuple(vec![string.upcast(), vm.new_usize(end)?])?
                .upcast())
        }),
        "scanstring(string, end, strict=True) -> (string, end)\n\nScan the string s for a JSON string. End is the index of the\ncharacter in s after the quote that started the JSON string.\nUnescapes all valid JSON string escape sequences and raises ValueError\non attempt to decode an invalid string. If strict is False then literal\ncontrol characters are allowed in the string.\n\nReturns a tuple of the decoded string and the index of the character in s\nafter the end quote.",
    ),
];

fn not_a_string(vm: &Vm, object: &Object) -> Raised {
    vm.type_error(format!(
        "first argument must be a string, not {}",
        protocol::type_name(object)
    ))
}

/// A code point at the width of a string.
pub trait Unit: Copy + Into<u32> + Eq + Hash {
    /// The string of these code points.
    fn string(vm: &Vm, units: &[Self]) -> PyResult<Ref<Str>>;
}

impl Unit for u8 {
    fn string(vm: &Vm, units: &[u8]) -> PyResult<Ref<Str>> {
        match units {
            [] => vm.new_str(""),
            [c] => vm.new_char(u32::from(*c)),
            _ => Str::place_latin1(vm, &vm.types.str, units),
        }
    }
}

impl Unit for u16 {
    fn string(vm: &Vm, units: &[u16]) -> PyResult<Ref<Str>> {
        let points: Vec<u32> = units.iter().map(|c| u32::from(*c)).collect();
        vm.new_str_points(&points)
    }
}

impl Unit for u32 {
    fn string(vm: &Vm, units: &[u32]) -> PyResult<Ref<Str>> {
        vm.new_str_points(units)
    }
}

/// Raises JSONDecodeError.
#[cold]
pub fn decode_error(vm: &Vm, message: &str, source: &Object, at: usize) -> Raised {
    let raise = || -> PyResult<Raised> {
        let module = viv_runtime::modules::import::import_name(vm, "json.decoder")?;
        let class = protocol::get_attr_str(vm, &module, "JSONDecodeError")?;
        let args = [
            vm.new_str(message)?.upcast(),
            source.to_ref(),
            vm.new_usize(at)?,
        ];
        let exception = protocol::call_args(vm, &class, &[&*args[0], &*args[1], &*args[2]])?;
        Ok(vm.raise_object(exception))
    };
    raise().unwrap_or_else(|raised| raised)
}

fn scan_at<T: Unit>(
    vm: &Vm,
    source: &Object,
    text: &[T],
    end: i64,
    strict: bool,
) -> PyResult<(Ref<Str>, usize)> {
    match usize::try_from(end) {
        Ok(end) if end <= text.len() => scan(vm, source, text, end, strict),
        _ => Err(vm.value_error("end is out of bounds")),
    }
}

/// The length of what stands for itself at the start of a text.
#[inline]
fn plain_run<T: Unit>(text: &[T], strict: bool) -> usize {
    text.iter()
        .position(|c| {
            let c: u32 = (*c).into();
            c == 0x22 || c == 0x5c || c < 0x20 && strict
        })
        .unwrap_or(text.len())
}

/// The string that begins at `start`, behind its quote, without escapes: its end (the quote's place). Nothing where it
/// needs more work.
#[inline]
pub fn simple_end<T: Unit>(text: &[T], start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    let end = start + plain_run(rest, true);
    let c: u32 = (*text.get(end)?).into();
    (c == 0x22).then_some(end)
}

/// Reads the string that begins at `start`, behind its quote; gives it and where the text goes on.
pub fn scan<T: Unit>(
    vm: &Vm,
    source: &Object,
    text: &[T],
    start: usize,
    strict: bool,
) -> PyResult<(Ref<Str>, usize)> {
    if let Some(end) = simple_end(text, start) {
        let units = text.get(start..end).unwrap_or_default();
        return Ok((T::string(vm, units)?, end + 1));
    }
    let at = |i: usize| -> Option<u32> { text.get(i).map(|c| (*c).into()) };
    let unterminated = || {
        let begin = start.saturating_sub(1);
        decode_error(vm, "Unterminated string starting at", source, begin)
    };
    let mut points: Vec<u32> = Vec::new();
    let mut i = start;
    loop {
        let rest = text.get(i..).unwrap_or_default();
        let run = plain_run(rest, strict);
        points.extend(rest.iter().take(run).map(|c| -> u32 { (*c).into() }));
        i += run;
        match at(i) {
            Some(0x22) => return Ok((vm.new_str_points(&points)?, i + 1)),
            Some(0x5c) => {}
            Some(_) => return Err(decode_error(vm, "Invalid control character at", source, i)),
            None => return Err(unterminated()),
        }
        let escape = at(i + 1).ok_or_else(unterminated)?;
        if escape == u32::from(b'u') {
            let bad = |i: usize| decode_error(vm, "Invalid \\uXXXX escape", source, i);
            if i + 6 > text.len() {
                return Err(bad(i + 1));
            }
            let mut point = hex4(text, i + 2).ok_or_else(|| bad(i + 1))?;
            i += 6;
            if (0xd800..0xdc00).contains(&point)
                && i + 6 < text.len()
                && at(i) == Some(0x5c)
                && at(i + 1) == Some(u32::from(b'u'))
            {
                let low = hex4(text, i + 2).ok_or_else(|| bad(i + 1))?;
                if (0xdc00..0xe000).contains(&low) {
                    point = 0x1_0000 + ((point - 0xd800) << 10) + (low - 0xdc00);
                    i += 6;
                }
            }
            points.push(point);
            continue;
        }
        let stands_for = match char::from_u32(escape) {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            _ => return Err(decode_error(vm, "Invalid \\escape", source, i)),
        };
        points.push(u32::from(stands_for));
        i += 2;
    }
}

fn hex4<T: Unit>(text: &[T], at: usize) -> Option<u32> {
    let mut value = 0;
    for c in text.get(at..at + 4)? {
        let c: u32 = (*c).into();
        value = value << 4 | char::from_u32(c)?.to_digit(16)?;
    }
    Some(value)
}

fn quoted(vm: &Vm, object: &Object, ascii: bool) -> PyResult {
    let Some(text) = object.downcast::<Str>() else {
        return Err(not_a_string(vm, object));
    };
    let mut out = TextBuilder::new();
    push_quoted(&mut out, text, ascii);
    Ok(out.finish(vm)?.upcast())
}

/// Whether a character below U+0080 stands for itself.
const PLAIN: [bool; 128] = {
    let mut plain = [true; 128];
    let mut i = 0;
    while i < 32 {
        plain[i] = false;
        i += 1;
    }
    plain[0x22] = false;
    plain[0x5c] = false;
    plain
};

fn push_escape(out: &mut TextBuilder, c: u32) {
    match char::from_u32(c) {
        Some('"') => out.push("\\\""),
        Some('\\') => out.push("\\\\"),
        Some('\u{8}') => out.push("\\b"),
        Some('\u{c}') => out.push("\\f"),
        Some('\n') => out.push("\\n"),
        Some('\r') => out.push("\\r"),
        Some('\t') => out.push("\\t"),
        _ if c >= 0x1_0000 => {
            let c = c - 0x1_0000;
            out.push(&format!(
                "\\u{:04x}\\u{:04x}",
                0xd800 | c >> 10,
                0xdc00 | c & 0x3ff
            ));
        }
        _ => out.push(&format!("\\u{c:04x}")),
    }
}

/// Writes a string in quotes, in ASCII only if so wanted.
pub fn push_quoted(out: &mut TextBuilder, text: &Str, ascii: bool) {
    out.push_ascii(b"\"");
    if let Some(text) = text.as_ascii() {
        let mut rest = text;
        let stop = |c: u8| !PLAIN[usize::from(c & 0x7f)] || ascii && c == 0x7f;
        while let Some(at) = rest.bytes().position(stop) {
            let (plain, special) = rest.split_at(at);
            out.push_ascii(plain.as_bytes());
            push_escape(out, special.as_bytes().first().map_or(0, |c| u32::from(*c)));
            rest = special.get(1..).unwrap_or_default();
        }
        out.push_ascii(rest.as_bytes());
    } else {
        for c in text.chars() {
            let plain = match PLAIN.get(c as usize) {
                Some(plain) => *plain && !(ascii && c == 0x7f),
                None => !ascii,
            };
            if plain {
                out.push_points([c]);
            } else {
                push_escape(out, c);
            }
        }
    }
    out.push_ascii(b"\"");
}
