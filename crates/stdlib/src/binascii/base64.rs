//! Base 64.

use viv_runtime::types::buffer::require_bytes;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Vm};

use super::{ascii, error, first, flag};

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What each byte stands for; 255 for bytes that are no letter.
const VALUES: [u8; 256] = {
    let mut values = [255; 256];
    let mut i = 0;
    while i < 64 {
        values[LETTERS[i] as usize] = i as u8;
        i += 1;
    }
    values
};

/// The functions.
pub const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "a2b_base64",
        "($module, data, /, *, strict_mode=False)",
        NativeCall::Bound(a2b),
        "Decode a line of base64 data.\n\n  strict_mode\n    When set to True, bytes that are not in the base64 standard are not allowed.\n    The same applies to excess data after padding (= / ==).",
    ),
    MethodDef::new(
        "b2a_base64",
        "($module, data, /, *, newline=True)",
        NativeCall::Bound(|vm, _, args| {
            let newline = flag(vm, args, 1, true)?;
            let text = require_bytes(vm, first(vm, args)?, |bytes| encode(bytes, newline))?;
            Ok(vm.new_bytes(&text)?.upcast())
        }),
        "Base64-code line of data.",
    ),
];

fn encode(bytes: &[u8], newline: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len().div_ceil(3) * 4 + usize::from(newline));
    let letter = |bits: u32| LETTERS[(bits & 63) as usize];
    let (whole, rest) = bytes.as_chunks::<3>();
    for &[a, b, c] in whole {
        let bits = u32::from(a) << 16 | u32::from(b) << 8 | u32::from(c);
        out.extend([bits >> 18, bits >> 12, bits >> 6, bits].map(letter));
    }
    match *rest {
        [a] => {
            let bits = u32::from(a) << 4;
            out.extend([letter(bits >> 6), letter(bits), b'=', b'=']);
        }
        [a, b] => {
            let bits = (u32::from(a) << 8 | u32::from(b)) << 2;
            out.extend([letter(bits >> 12), letter(bits >> 6), letter(bits), b'=']);
        }
        _ => {}
    }
    if newline {
        out.push(b'\n');
    }
    out
}

fn a2b(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let strict = flag(vm, args, 1, false)?;
    match ascii(vm, first(vm, args)?, |text| decode(text, strict))? {
        Ok(bytes) => Ok(vm.new_bytes(&bytes)?.upcast()),
        Err(message) => Err(error(vm, message)),
    }
}

fn decode(text: &[u8], strict: bool) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    // The bits of the letters since the last whole group of four.
    let (mut bits, mut letters, mut pads) = (0u32, 0, 0);
    let alone = |out: &Vec<u8>| {
        format!(
            "Invalid base64-encoded string: number of data characters ({}) cannot be 1 more than a multiple of 4",
            out.len() / 3 * 4 + 1
        )
    };
    let mut rest = text;
    while let Some((&c, after)) = rest.split_first() {
        // The common case: groups of four letters.
        if letters == 0
            && pads == 0
            && let Some((&[a, b, c, d], after)) = rest.split_first_chunk::<4>()
        {
            let values = [a, b, c, d].map(|c| VALUES[usize::from(c)]);
            if values.iter().all(|value| *value < 64) {
                let [a, b, c, d] = values.map(u32::from);
                let [_, x, y, z] = (a << 18 | b << 12 | c << 6 | d).to_be_bytes();
                out.extend([x, y, z]);
                rest = after;
                continue;
            }
        }
        rest = after;
        if c == b'=' {
            pads += 1;
            if strict && letters == 0 {
                return Err(if out.is_empty() && pads == 1 {
                    "Leading padding not allowed".to_owned()
                } else {
                    "Excess padding not allowed".to_owned()
                });
            }
            if strict && letters == 1 {
                return Err(alone(&out));
            }
            if strict && letters + pads > 4 {
                return Err("Excess padding not allowed".to_owned());
            }
            continue;
        }
        let value = VALUES[usize::from(c)];
        if value >= 64 {
            if strict {
                return Err("Only base64 data is allowed".to_owned());
            }
            continue;
        }
        if strict && pads > 0 {
            return Err(if letters + pads >= 4 {
                "Excess data after padding".to_owned()
            } else {
                "Discontinuous padding not allowed".to_owned()
            });
        }
        pads = 0;
        bits = bits << 6 | u32::from(value);
        letters += 1;
        if letters == 4 {
            let [_, x, y, z] = (bits & 0xff_ffff).to_be_bytes();
            out.extend([x, y, z]);
            (bits, letters) = (0, 0);
        }
    }
    match letters {
        0 => {}
        1 => return Err(alone(&out)),
        _ if letters + pads < 4 => return Err("Incorrect padding".to_owned()),
        2 => out.push((bits >> 4) as u8),
        _ => out.extend([(bits >> 10) as u8, (bits >> 2) as u8]),
    }
    Ok(out)
}
