//! ASCII and Latin-1.

use viv_heap::Ref;

use super::errors::{Replacement, encode_error, on_decode, on_encode};
use crate::object::{Bytes, Str, StrData};
use crate::result::PyResult;
use crate::vm::Vm;

/// Decodes Latin-1.
pub fn decode_latin1(vm: &Vm, bytes: &[u8]) -> PyResult<Ref<Str>> {
    match bytes {
        [] => Ok(vm.empty_str.clone()),
        [one] => vm.new_char(u32::from(*one)),
        _ => Str::place_latin1(vm, &vm.types.str, bytes),
    }
}

/// Decodes ASCII.
pub fn decode_ascii(vm: &Vm, bytes: &[u8], errors: &str) -> PyResult<Ref<Str>> {
    if bytes.is_ascii() {
        return decode_latin1(vm, bytes);
    }
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        if byte < 0x80 {
            out.push(u32::from(byte));
            at += 1;
            continue;
        }
        let (text, next) = on_decode(
            vm,
            errors,
            "ascii",
            bytes,
            at,
            at + 1,
            "ordinal not in range(128)",
        )?;
        out.extend(text);
        at = next;
    }
    vm.new_str_points(&out)
}

/// Encodes the characters below `limit`; the handler deals with the others.
pub fn encode(
    vm: &Vm,
    string: &Str,
    errors: &str,
    limit: u32,
    name: &str,
    reason: &str,
) -> PyResult<Ref<Bytes>> {
    if let StrData::One(bytes) = string.data()
        && (string.is_ascii() || limit == 0x100)
    {
        return vm.new_bytes(bytes);
    }
    let (mut out, mut at) = (Vec::with_capacity(string.len()), 0);
    let data = string.data();
    while at < string.len() {
        let c = data.at(at);
        if c < limit {
            out.push(c as u8);
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < string.len() && data.at(end) >= limit {
            end += 1;
        }
        // A handler for escaped bytes takes them one run at a time.
        if errors == "surrogateescape" {
            let escaped = |c: u32| (0xdc80..0xdd00).contains(&c);
            let kind = escaped(c);
            end = (at..end)
                .find(|&i| escaped(data.at(i)) != kind)
                .unwrap_or(end);
        }
        match on_encode(vm, errors, name, string, at, end, reason)? {
            (Replacement::Bytes(bytes), next) => {
                out.extend(bytes);
                at = next;
            }
            (Replacement::Text(text), next) => {
                if text.iter().any(|c| *c >= limit) {
                    return Err(encode_error(vm, name, string, at, end, reason));
                }
                out.extend(text.iter().map(|&c| c as u8));
                at = next;
            }
        }
    }
    vm.new_bytes(&out)
}
