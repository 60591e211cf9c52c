//! Hexadecimal digits.

use viv_runtime::object::{Bytes, Str};
use viv_runtime::types::buffer::require_bytes;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Vm, protocol};

use super::{ascii, error, first};

const HEXLIFY_SIGNATURE: &str = "($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)";
const HEXLIFY_DOC: &str = "Hexadecimal representation of binary data.\n\n  sep\n    An optional single character or byte to separate hex bytes.\n  bytes_per_sep\n    How many bytes between separators.  Positive values count from the\n    right, negative values count from the left.\n\nThe return value is a bytes object.  This function is also\navailable as \"b2a_hex()\".\n\nExample:\n>>> binascii.b2a_hex(b'\\xb9\\x01\\xef')\nb'b901ef'\n>>> binascii.hexlify(b'\\xb9\\x01\\xef', ':')\nb'b9:01:ef'\n>>> binascii.b2a_hex(b'\\xb9\\x01\\xef', b'_', 2)\nb'b9_01ef'";
const UNHEXLIFY_DOC: &str = "Binary data of hexadecimal representation.\n\nhexstr must contain an even number of hex digits (upper or lower case).";

/// The functions.
pub const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "b2a_hex",
        HEXLIFY_SIGNATURE,
        NativeCall::Bound(hexlify),
        HEXLIFY_DOC,
    ),
    MethodDef::new(
        "hexlify",
        HEXLIFY_SIGNATURE,
        NativeCall::Bound(hexlify),
        HEXLIFY_DOC,
    ),
    MethodDef::new(
        "a2b_hex",
        "($module, hexstr, /)",
        NativeCall::One(unhexlify),
        UNHEXLIFY_DOC,
    ),
    MethodDef::new(
        "unhexlify",
        "($module, hexstr, /)",
        NativeCall::One(unhexlify),
        UNHEXLIFY_DOC,
    ),
];

fn separator(vm: &Vm, sep: &Object) -> PyResult<u8> {
    if protocol::len(vm, sep)? != 1 {
        return Err(vm.value_error("sep must be length 1."));
    }
    if let Some(text) = sep.downcast::<Str>() {
        let c = text.char_at(0).unwrap_or_default();
        return u8::try_from(c).map_err(|_| vm.value_error("sep must be ASCII."));
    }
    match sep.downcast::<Bytes>().map(Bytes::as_slice) {
        Some(&[byte]) => Ok(byte),
        _ => Err(vm.type_error("sep must be str or bytes.")),
    }
}

fn hexlify(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let data = first(vm, args)?;
    let sep = match args.get(1) {
        Some(Some(sep)) => Some(separator(vm, sep)?),
        _ => None,
    };
    let group = match args.get(2) {
        Some(Some(group)) => i32::try_from(protocol::to_i64(vm, group)?)
            .map_err(|_| vm.overflow_error("Python int too large to convert to C int"))?,
        _ => 1,
    };
    let text = require_bytes(vm, data, |bytes| digits(bytes, sep, group))?;
    Ok(vm.new_bytes(&text)?.upcast())
}

fn digits(bytes: &[u8], sep: Option<u8>, group: i32) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = Vec::with_capacity(bytes.len() * 2);
    let size = group.unsigned_abs() as usize;
    for (i, byte) in bytes.iter().enumerate() {
        let place = if group > 0 { bytes.len() - i } else { i };
        if let Some(sep) = sep
            && i > 0
            && size > 0
            && place.is_multiple_of(size)
        {
            out.push(sep);
        }
        out.push(DIGITS[usize::from(byte >> 4)]);
        out.push(DIGITS[usize::from(byte & 15)]);
    }
    out
}

/// The value of a hexadecimal digit.
pub fn digit(c: u8) -> Option<u8> {
    char::from(c).to_digit(16).map(|value| value as u8)
}

fn unhexlify(vm: &Vm, _: &Object, text: &Object) -> PyResult {
    let decoded = ascii(vm, text, |text| {
        let (pairs, rest) = text.as_chunks::<2>();
        if !rest.is_empty() {
            return Err("Odd-length string");
        }
        pairs
            .iter()
            .map(|&[high, low]| Some(digit(high)? << 4 | digit(low)?))
            .collect::<Option<Vec<u8>>>()
            .ok_or("Non-hexadecimal digit found")
    })?;
    match decoded {
        Ok(bytes) => Ok(vm.new_bytes(&bytes)?.upcast()),
        Err(message) => Err(error(vm, message)),
    }
}
