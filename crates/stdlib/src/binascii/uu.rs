//! uuencoded lines.

use viv_runtime::types::buffer::require_bytes;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Vm};

use super::{ascii, error, first, flag};

/// The functions.
pub const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "a2b_uu",
        "($module, data, /)",
        NativeCall::One(|vm, _, data| match ascii(vm, data, decode)? {
            Ok(bytes) => Ok(vm.new_bytes(&bytes)?.upcast()),
            Err(message) => Err(error(vm, message)),
        }),
        "Decode a line of uuencoded data.",
    ),
    MethodDef::new(
        "b2a_uu",
        "($module, data, /, *, backtick=False)",
        NativeCall::Bound(b2a),
        "Uuencode line of data.",
    ),
];

fn decode(line: &[u8]) -> Result<Vec<u8>, &'static str> {
    let Some((&length, line)) = line.split_first() else {
        return Err("Missing length byte");
    };
    let length = usize::from(length.wrapping_sub(b' ') & 63);
    let mut out = Vec::with_capacity(length);
    let mut letters = line.iter().copied();
    let (mut bits, mut count) = (0u32, 0);
    while out.len() < length {
        let value = match letters.next() {
            // Trailing blanks may have been lost on the way.
            None | Some(b'\n' | b'\r') => {
                letters = [].iter().copied();
                0
            }
            Some(c) if !(b' '..=b' ' + 64).contains(&c) => return Err("Illegal char"),
            Some(c) => (c - b' ') & 63,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    let garbage = |c: u8| !matches!(c, b' ' | b'`' | b'\n' | b'\r');
    if letters.any(garbage) {
        return Err("Trailing garbage");
    }
    Ok(out)
}

fn b2a(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let backtick = flag(vm, args, 1, false)?;
    let line = require_bytes(vm, first(vm, args)?, |bytes| {
        (bytes.len() <= 45).then(|| encode(bytes, backtick))
    })?;
    match line {
        Some(line) => Ok(vm.new_bytes(&line)?.upcast()),
        None => Err(error(vm, "At most 45 bytes at once")),
    }
}

fn encode(bytes: &[u8], backtick: bool) -> Vec<u8> {
    let letter = |value: u8| match value & 63 {
        0 if backtick => b'`',
        value => value + b' ',
    };
    let mut out = vec![letter(bytes.len() as u8)];
    for group in bytes.chunks(3) {
        let at = |i: usize| group.get(i).copied().unwrap_or(0);
        let (a, b, c) = (at(0), at(1), at(2));
        out.extend([a >> 2, a << 4 | b >> 4, b << 2 | c >> 6, c].map(letter));
    }
    out.push(b'\n');
    out
}
