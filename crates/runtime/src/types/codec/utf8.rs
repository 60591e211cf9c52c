//! UTF-8.

use viv_heap::Ref;

use super::errors::{Replacement, encode_error, on_decode, on_encode};
use crate::object::{Bytes, Str, StrData};
use crate::result::PyResult;
use crate::vm::Vm;

/// What stands at the front of some bytes.
enum Sequence {
    /// A character of this many bytes.
    Char(u32, usize),
    /// This many bytes that are wrong.
    Invalid(usize, &'static str),
    /// The beginning of a character.
    Truncated,
}

const START: &str = "invalid start byte";
const CONTINUATION: &str = "invalid continuation byte";

fn sequence(bytes: &[u8]) -> Sequence {
    let Some(&first) = bytes.first() else {
        return Sequence::Truncated;
    };
    let length = match first {
        0..0x80 => return Sequence::Char(u32::from(first), 1),
        0xc2..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0..0xf5 => 4,
        _ => return Sequence::Invalid(1, START),
    };
    // The second byte's range leaves out long forms, surrogates and what is beyond U+10FFFF.
    let range = match first {
        0xe0 => 0xa0..0xc0,
        0xed => 0x80..0xa0,
        0xf0 => 0x90..0xc0,
        0xf4 => 0x80..0x90,
        _ => 0x80..0xc0,
    };
    let mut c = u32::from(first) & (0x7f >> length);
    for i in 1..length {
        let Some(&byte) = bytes.get(i) else {
            return Sequence::Truncated;
        };
        let fine = if i == 1 {
            range.contains(&byte)
        } else {
            byte & 0xc0 == 0x80
        };
        if !fine {
            return Sequence::Invalid(i, CONTINUATION);
        }
        c = c << 6 | u32::from(byte & 0x3f);
    }
    Sequence::Char(c, length)
}

/// Decodes UTF-8. Where more may come (`last` is false), an unfinished character at the end is left over.
pub fn decode(vm: &Vm, bytes: &[u8], errors: &str, last: bool) -> PyResult<(Ref<Str>, usize)> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((vm.new_str(text)?, bytes.len()));
    }
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(rest) = bytes.get(at..).filter(|r| !r.is_empty()) {
        let (end, reason) = match sequence(rest) {
            Sequence::Char(c, length) => {
                out.push(c);
                at += length;
                continue;
            }
            Sequence::Truncated if !last => break,
            Sequence::Truncated => (bytes.len(), "unexpected end of data"),
            Sequence::Invalid(length, reason) => (at + length, reason),
        };
        let (text, next) = on_decode(vm, errors, "utf-8", bytes, at, end, reason)?;
        out.extend(text);
        at = next;
    }
    Ok((vm.new_str_points(&out)?, at))
}

/// Adds a character; a surrogate must not occur.
#[inline]
fn push(out: &mut Vec<u8>, c: u32) {
    const MORE: u32 = 0x80;
    let low = |shift: u32| (MORE | c >> shift & 0x3f) as u8;
    match c {
        0..0x80 => out.push(c as u8),
        0x80..0x800 => out.extend([(0xc0 | c >> 6) as u8, low(0)]),
        0x800..0x1_0000 => out.extend([(0xe0 | c >> 12) as u8, low(6), low(0)]),
        _ => out.extend([(0xf0 | c >> 18) as u8, low(12), low(6), low(0)]),
    }
}

/// Encodes UTF-8.
pub fn encode(vm: &Vm, string: &Str, errors: &str) -> PyResult<Ref<Bytes>> {
    if let StrData::One(bytes) = string.data()
        && string.is_ascii()
    {
        return vm.new_bytes(bytes);
    }
    let is_surrogate = |c: u32| (0xd800..0xe000).contains(&c);
    const REASON: &str = "surrogates not allowed";
    let (mut out, mut at) = (Vec::with_capacity(string.len() * 2), 0);
    let data = string.data();
    while at < string.len() {
        let c = data.at(at);
        if !is_surrogate(c) {
            push(&mut out, c);
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < string.len() && is_surrogate(data.at(end)) {
            end += 1;
        }
        match on_encode(vm, errors, "utf-8", string, at, end, REASON)? {
            (Replacement::Bytes(bytes), next) => {
                out.extend(bytes);
                at = next;
            }
            (Replacement::Text(text), next) => {
                if text.iter().any(|c| *c >= 0x80) {
                    return Err(encode_error(vm, "utf-8", string, at, end, REASON));
                }
                text.iter().for_each(|&c| push(&mut out, c));
                at = next;
            }
        }
    }
    vm.new_bytes(&out)
}
