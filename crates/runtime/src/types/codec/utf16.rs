//! UTF-16 and UTF-32.

use viv_heap::Ref;

use super::Order;
use super::errors::{Replacement, encode_error, on_decode, on_encode};
use crate::object::{Bytes, Str};
use crate::result::PyResult;
use crate::vm::Vm;

/// One unit of `size` bytes at the front, where there is a whole one.
fn unit(bytes: &[u8], size: usize, big: bool) -> Option<u32> {
    let mut raw = [0u8; 4];
    let source = bytes.get(..size)?;
    for (i, &byte) in source.iter().enumerate() {
        let place = if big { size - 1 - i } else { i };
        *raw.get_mut(place)? = byte;
    }
    Some(u32::from_le_bytes(raw))
}

/// Decodes UTF-16 (`size` 2) or UTF-32 (`size` 4). Where more may come, an unfinished unit at the end is left over.
pub fn decode(
    vm: &Vm,
    bytes: &[u8],
    errors: &str,
    size: usize,
    order: Order,
    last: bool,
) -> PyResult<(Ref<Str>, usize)> {
    let (mut big, mut at) = (order == Order::Big, 0);
    let mut name = match (size, order) {
        (2, Order::Little) => "utf-16-le",
        (2, Order::Big) => "utf-16-be",
        (2, Order::Marked) => "utf-16",
        (_, Order::Little) => "utf-32-le",
        (_, Order::Big) => "utf-32-be",
        (_, Order::Marked) => "utf-32",
    };
    if order == Order::Marked {
        if unit(bytes, size, false) == Some(0xfeff) {
            at = size;
        } else if unit(bytes, size, true) == Some(0xfeff) {
            (at, big) = (size, true);
        }
        name = match (size, big) {
            (2, false) => "utf-16-le",
            (2, true) => "utf-16-be",
            (_, false) => "utf-32-le",
            (_, true) => "utf-32-be",
        };
    }
    let mut out = Vec::with_capacity(bytes.len() / size);
    while let Some(rest) = bytes.get(at..).filter(|r| !r.is_empty()) {
        let (end, reason) = match unit(rest, size, big) {
            None if !last => break,
            None => (bytes.len(), "truncated data"),
            Some(c) if size == 4 => match c {
                0xd800..0xe000 => (
                    at + 4,
                    "code point in surrogate code point range(0xd800, 0xe000)",
                ),
                0x11_0000.. => (at + 4, "code point not in range(0x110000)"),
                _ => {
                    out.push(c);
                    at += 4;
                    continue;
                }
            },
            Some(high @ 0xd800..0xdc00) => match unit(rest.get(2..).unwrap_or_default(), 2, big) {
                Some(low @ 0xdc00..0xe000) => {
                    out.push(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00));
                    at += 4;
                    continue;
                }
                Some(_) => (at + 2, "illegal UTF-16 surrogate"),
                None if !last => break,
                None => (bytes.len(), "unexpected end of data"),
            },
            Some(0xdc00..0xe000) => (at + 2, "illegal encoding"),
            Some(c) => {
                out.push(c);
                at += 2;
                continue;
            }
        };
        let (text, next) = on_decode(vm, errors, name, bytes, at, end, reason)?;
        out.extend(text);
        at = next;
    }
    Ok((vm.new_str_points(&out)?, at))
}

fn push(out: &mut Vec<u8>, c: u32, size: usize, big: bool) {
    let mut unit = |value: u32, size: usize| {
        let bytes = value.to_le_bytes();
        let used = bytes.get(..size).unwrap_or_default();
        if big {
            out.extend(used.iter().rev())
        } else {
            out.extend(used)
        }
    };
    if size == 2 && c >= 0x1_0000 {
        let rest = c - 0x1_0000;
        unit(0xd800 + (rest >> 10), 2);
        unit(0xdc00 + (rest & 0x3ff), 2);
    } else {
        unit(c, size);
    }
}

/// Encodes UTF-16 (`size` 2) or UTF-32 (`size` 4).
pub fn encode(
    vm: &Vm,
    string: &Str,
    errors: &str,
    size: usize,
    order: Order,
) -> PyResult<Ref<Bytes>> {
    let big = order == Order::Big;
    let name = match (size, order) {
        (2, Order::Little) => "utf-16-le",
        (2, Order::Big) => "utf-16-be",
        (2, Order::Marked) => "utf-16",
        (_, Order::Little) => "utf-32-le",
        (_, Order::Big) => "utf-32-be",
        (_, Order::Marked) => "utf-32",
    };
    const REASON: &str = "surrogates not allowed";
    let is_surrogate = |c: u32| (0xd800..0xe000).contains(&c);
    let mut out = Vec::with_capacity((string.len() + 1) * size);
    if order == Order::Marked {
        push(&mut out, 0xfeff, size, big);
    }
    let (data, mut at) = (string.data(), 0);
    while at < string.len() {
        let c = data.at(at);
        if !is_surrogate(c) {
            push(&mut out, c, size, big);
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < string.len() && is_surrogate(data.at(end)) {
            end += 1;
        }
        match on_encode(vm, errors, name, string, at, end, REASON)? {
            (Replacement::Bytes(bytes), next) => {
                if !bytes.len().is_multiple_of(size) {
                    return Err(encode_error(vm, name, string, at, end, REASON));
                }
                out.extend(bytes);
                at = next;
            }
            (Replacement::Text(text), next) => {
                if text.iter().any(|&c| is_surrogate(c)) {
                    return Err(encode_error(vm, name, string, at, end, REASON));
                }
                text.iter().for_each(|&c| push(&mut out, c, size, big));
                at = next;
            }
        }
    }
    vm.new_bytes(&out)
}
